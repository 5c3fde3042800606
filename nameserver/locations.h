/// Locations: what a name server calls the places it listens on, in its URIs and its start-up lines.
///
/// Layer: nameserver.        Thread rule: plain value.
/// Source: Pyro4/socketserver/threadpoolserver.py init, Pyro4/naming.py startNSloop.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace hearth {

struct Locations {
  std::optional<std::string> tcp;  ///< "host:port" or "[v6]:port": the host as it was given, not as it was resolved
  std::string tcp_address;         ///< the numeric address bound to
  std::optional<std::string> unix_socket;  ///< "./u:path"
  std::optional<std::string> nat;
  std::optional<std::string> broadcast;  ///< where broadcasts are answered, "0.0.0.0:9091"

  /// What clients of this network connect to: TCP if there is any.
  [[nodiscard]] const std::string& internal() const { return tcp ? *tcp : *unix_socket; }
  /// What is registered: the NAT location if there is one.
  [[nodiscard]] const std::string& external() const { return nat ? *nat : internal(); }
};

/// "host:port"; an IPv6 address gets its brackets.
[[nodiscard]] std::string location_of(const std::string& host, std::uint16_t port);

/// The lines that are printed once the server serves, each with its newline. `registrations` counts the server's own entry.
[[nodiscard]] std::string start_up_lines(const Locations& locations, std::size_t registrations, bool has_hmac_key);

}  // namespace hearth
