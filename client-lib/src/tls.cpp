#include <hearth/tls.h>

#include <utility>

#include "protocol/tls/tls_context.h"

namespace hearth {

ClientResult<std::shared_ptr<const TlsContext>> client_tls(const TlsFiles& files) {
  auto context = TlsContext::for_client(files);
  if (!context) return fail(ClientErrorKind::invalid, std::move(context.error().text));
  return std::move(*context);
}

}  // namespace hearth
