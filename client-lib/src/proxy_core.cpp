#include "client-lib/src/proxy_core.h"

#include <hearth/resolve.h>

#include <utility>

#include "client-lib/src/pause.h"
#include "protocol/rpc/item_stream.h"

namespace hearth {

// ---- the connection

ClientResult<void> ProxyCore::connect(const Deadline& deadline) {
  auto place = find_place(deadline);
  if (!place) return forward_error(place);
  return connect_to(*place, deadline).map_error([](ConnectFailure&& failure) { return std::move(failure.error); });
}

/// Without a name server an object that has been found once is looked for where it was.
ClientResult<Uri> ProxyCore::find_place(const Deadline& deadline) const {
  ClientSettings patience = settings_;
  patience.connect_timeout_ms = deadline.at_most_ms(settings_.connect_timeout_ms).timeout_ms();
  patience.call_timeout_ms = deadline.at_most_ms(settings_.call_timeout_ms).timeout_ms();
  auto place = resolve(uri_, patience);
  if (place || !place_ || place.error().kind == ClientErrorKind::unknown_name) return place;
  return *place_;
}

tl::expected<void, ConnectFailure> ProxyCore::connect_to(const Uri& place, const Deadline& deadline) {
  auto connection =
      DaemonConnection::open(place, settings_, dialect_, deadline.at_most_ms(settings_.connect_timeout_ms));
  if (!connection) return tl::unexpected<ConnectFailure>(std::move(connection.error()));
  connection_ = std::move(*connection);
  dialect_ = connection_->dialect();
  if (place != uri_) place_ = place;
  ++connection_number_;
  return {};
}

/// A server may have closed the connection since the last call, as some do with idle ones. Nothing has been sent yet, so
/// making a new one is always right.
ClientResult<void> ProxyCore::make_ready(const Deadline& deadline) {
  if (connection_->is_idle()) return {};
  connection_->close();
  return connect(deadline);
}

// ---- calls

Deadline ProxyCore::deadline_of(const CallOptions& options) const {
  return Deadline::after_ms(options.timeout_ms.value_or(settings_.call_timeout_ms), settings_.interrupt.get());
}

ClientResult<Reply> ProxyCore::invoke(Invocation invocation, const CallOptions& options) {
  const Deadline deadline = deadline_of(options);
  Backoff backoff(settings_.retry_wait_ms, settings_.retry_wait_ms_max);
  const std::uint32_t retries = options.retries.value_or(settings_.call_retries);
  for (std::uint32_t repeat = 0; repeat < retries; ++repeat) {
    auto reply = attempt(invocation, options, deadline);
    if (reply || reply.error().kind != ClientErrorKind::unreachable) return reply;
    // The first repeat at once: a connection that was just lost is most often lost alone.
    if (repeat > 0 && !pause(backoff, deadline)) return reply;
  }
  return attempt(std::move(invocation), options, deadline);
}

ClientResult<Reply> ProxyCore::attempt(Invocation invocation, const CallOptions& options, const Deadline& deadline) {
  if (auto ready = make_ready(deadline); !ready) return forward_error(ready);
  const ObjectMetadata& object = connection_->metadata();
  if (auto good = check_exposed(invocation, object, uri_); !good) return forward_error(good);
  InvokeOptions how = invoke_options(invocation, object, settings_, options);
  CallValue call{place().object, std::move(invocation.method), std::move(invocation.args),
                 std::move(invocation.kwargs)};
  return connection_->exchange(std::move(call), std::move(how), deadline);
}

ClientResult<Reply> ProxyCore::exchange_on(std::uint64_t connection, CallValue call, const CallOptions& options) {
  if (connection != connection_number_ || !connection_->is_open()) {
    return fail(ClientErrorKind::unreachable, "the connection that the item stream belongs to is closed");
  }
  // Not the annotations of the settings: it is the daemon that is asked, not the object.
  return connection_->exchange(std::move(call), {.oneway = options.oneway, .annotations = options.annotations},
                               deadline_of(options));
}

void ProxyCore::close_stream(std::string_view id) {
  static_cast<void>(exchange_on(connection_number_, close_stream_call(id), {.oneway = true}));
}

}  // namespace hearth
