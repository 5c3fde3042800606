/// Location: a place where registered objects should be, as their URIs name it.
///
/// Layer: upkeep.        Thread rule: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hearth {

struct Location {
  std::string text;  ///< "host:9090", "[::1]:9090" or "./u:/run/x.sock": tells it from every other
  std::string host;  ///< empty: a Unix socket
  std::uint16_t port = 0;
  std::string socket_path;

  [[nodiscard]] bool is_unix_socket() const { return host.empty(); }

  /// The place as ListeningSockets knows it, as far as that can be told without a resolver.
  [[nodiscard]] std::string likely_place() const;
};

/// Where to ask, and for which object.
struct Target {
  Location location;
  std::string object;
};

/// nullopt: there is nothing that could be asked: PYRONAME and PYROMETA, no location, a port or path nobody can connect to.
[[nodiscard]] std::optional<Target> target_of(std::string_view uri);

}  // namespace hearth
