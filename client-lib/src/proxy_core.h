/// ProxyCore: what a Proxy and its item streams share: the connection to the object, made anew when it was lost, and the rules
/// of calls.
///
/// Layer: client-lib, private.        Thread rule: one thread at a time.
/// Ownership: held by its Proxy alone; item streams look whether it is still there.
#pragma once

#include <hearth/call_arguments.h>
#include <hearth/client_settings.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "client-lib/src/call_rules.h"
#include "client-lib/src/daemon_connection.h"

namespace hearth {

class ProxyCore {
 public:
  ProxyCore(Uri uri, const ClientSettings& settings)
      : uri_(std::move(uri)), settings_(settings), dialect_(settings.first_dialect) {}

  /// Connects to the place that uri() stands for now, whether or not it is connected already.
  [[nodiscard]] ClientResult<void> connect(const Deadline& deadline);
  /// Connects to this place, which somebody has found out.
  [[nodiscard]] tl::expected<void, ConnectFailure> connect_to(const Uri& place, const Deadline& deadline);

  /// Connects if need be, asks what uri() names, and repeats that as the options and settings allow.
  [[nodiscard]] ClientResult<Reply> invoke(Invocation invocation, const CallOptions& options);

  /// A call that makes sense on the connection of that number only; unreachable if that is no more.
  [[nodiscard]] ClientResult<Reply> exchange_on(std::uint64_t connection, CallValue call, const CallOptions& options);

  /// An item stream that nobody wants, on the connection that it has just been opened on.
  void close_stream(std::string_view id);

  void close() { connection_->close(); }

  [[nodiscard]] const Uri& uri() const { return uri_; }
  /// Where the last connection led.
  [[nodiscard]] const Uri& place() const { return place_ ? *place_ : uri_; }
  [[nodiscard]] const ClientSettings& settings() const { return settings_; }
  void set_call_timeout(std::uint32_t timeout_ms) { settings_.call_timeout_ms = timeout_ms; }
  /// Made at least once, so there is one, perhaps closed.
  [[nodiscard]] const DaemonConnection& connection() const { return *connection_; }
  [[nodiscard]] bool is_connected() { return connection_->is_idle(); }
  /// Another one each time a connection is made.
  [[nodiscard]] std::uint64_t connection_number() const { return connection_number_; }

 private:
  [[nodiscard]] ClientResult<Uri> find_place(const Deadline& deadline) const;
  [[nodiscard]] ClientResult<void> make_ready(const Deadline& deadline);
  [[nodiscard]] ClientResult<Reply> attempt(Invocation invocation, const CallOptions& options,
                                            const Deadline& deadline);
  [[nodiscard]] Deadline deadline_of(const CallOptions& options) const;

  const Uri uri_;
  ClientSettings settings_;
  Dialect dialect_;           ///< what the server spoke last
  std::optional<Uri> place_;  ///< of uri_, where that is another
  std::unique_ptr<DaemonConnection> connection_;
  std::uint64_t connection_number_ = 0;
};

}  // namespace hearth
