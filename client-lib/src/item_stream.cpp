#include <hearth/item_stream.h>

#include "client-lib/src/client_errors.h"
#include "client-lib/src/proxy_core.h"
#include "protocol/rpc/item_stream.h"

namespace hearth {

ItemStream& ItemStream::operator=(ItemStream&& other) noexcept {
  if (this == &other) return *this;
  close();
  proxy_ = std::move(other.proxy_);
  connection_ = other.connection_;
  id_ = std::move(other.id_);
  return *this;
}

ClientResult<std::optional<Value>> ItemStream::next(const CallOptions& options) {
  // Whatever comes of it but an item, the stream is over.
  const auto proxy = std::exchange(proxy_, {}).lock();
  if (proxy == nullptr) return std::nullopt;
  auto reply = proxy->exchange_on(connection_, next_item_call(id_), options);
  if (!reply) return forward_error(reply);
  auto* result = std::get_if<CallResult>(&*reply);
  if (result == nullptr) return fail(ClientErrorKind::protocol, "an item of the stream is a stream itself");
  if (*result) {
    proxy_ = proxy;
    return std::move(**result);
  }
  if (is_end_of_items(result->error())) return std::nullopt;
  return tl::unexpected<ClientError>(remote_error(std::move(result->error())));
}

void ItemStream::close() {
  const auto proxy = std::exchange(proxy_, {}).lock();
  if (proxy == nullptr) return;
  // Without the connection the server has forgotten the stream by itself.
  static_cast<void>(proxy->exchange_on(connection_, close_stream_call(id_), {.oneway = true}));
}

}  // namespace hearth
