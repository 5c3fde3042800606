/// ConnectionQuota: who is connected from where, and who of them has not shaken hands yet: those must go first when there is no
/// room. Private to protocol/host.
///
/// Layer: host (no socket; no clock: the caller says what time it is).        Thread rule: none, plain object.
/// One source can have Limits::connections_per_source_max connections, so that it cannot use up those of all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "protocol/base/limits.h"
#include "protocol/rpc/call.h"

namespace hearth {

class ConnectionQuota {
 public:
  /// The limits may change at any time.
  explicit ConnectionQuota(const Limits& limits) : limits_(limits) {}

  /// A new connection, whose id is above all before it. Returns the one that must leave() because its source has too many: the
  /// oldest that has not shaken hands, which is the new one itself if all others have.
  [[nodiscard]] std::optional<ConnectionId> enter(ConnectionId connection, const std::string& source,
                                                  std::uint64_t now_ms);
  void shake_hands(ConnectionId connection);
  /// Ignores those it does not know.
  void leave(ConnectionId connection);

  struct Stranger {
    ConnectionId connection;
    std::uint64_t entered_ms;
  };
  /// The oldest of all that have not shaken hands.
  [[nodiscard]] std::optional<Stranger> oldest_stranger() const;

 private:
  struct Source {
    std::size_t connections = 0;
    std::set<ConnectionId> strangers;
  };
  using Sources = std::unordered_map<std::string, Source>;

  const Limits& limits_;
  Sources sources_;
  std::unordered_map<ConnectionId, Sources::value_type*> source_of_;  // a map's elements stay where they are
  std::map<ConnectionId, std::uint64_t> strangers_;                   ///< and when they came
};

/// What counts as one source, by the address of a peer as Stream::peer_address() gives it: an IPv4 address, the /64 network of
/// an IPv6 address (each host has as many addresses of it as it likes), or everybody on Unix sockets.
[[nodiscard]] std::string source_of_peer(const std::string& peer_address);

}  // namespace hearth
