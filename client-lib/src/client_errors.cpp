#include "client-lib/src/client_errors.h"

#include <utility>

#include "protocol/base/check.h"

namespace hearth {

ClientErrorKind client_error_kind(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::disconnected:
    case ErrorKind::system: return ClientErrorKind::unreachable;
    case ErrorKind::timeout: return ClientErrorKind::timeout;
    case ErrorKind::malformed:
    case ErrorKind::limit:
    case ErrorKind::unsupported:
    case ErrorKind::storage: return ClientErrorKind::protocol;
  }
  HEARTH_CHECK(false);
}

tl::unexpected<ClientError> client_error(const Error& error) { return fail(client_error_kind(error.kind), error.text); }

tl::unexpected<ClientError> unsendable(const Error& error) { return fail(ClientErrorKind::invalid, error.text); }

ClientError remote_error(RemoteException exception) {
  constexpr std::string_view builtins = "builtins.";
  std::string text = exception.type.starts_with(builtins) ? exception.type.substr(builtins.size()) : exception.type;
  text += ": " + exception.text();
  return {ClientErrorKind::remote, std::move(text), std::move(exception)};
}

}  // namespace hearth
