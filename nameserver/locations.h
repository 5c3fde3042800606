/// Locations: what a name server calls the places it listens on, in its URIs and its start-up lines.
///
/// Layer: nameserver.        Thread rule: plain value.
/// Source: Pyro4/socketserver/threadpoolserver.py init, Pyro4/naming.py startNSloop.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hearth {

/// A host that was asked for, and what it is here.
struct HostLocation {
  std::string location;  ///< "host:port" or "[v6]:port": the host as it was given, not as it was resolved
  std::string address;   ///< the first of its numeric addresses
};

struct Locations {
  std::optional<std::string> tcp;          ///< "host:port" of the first host, the one in the URI (as HostLocation)
  std::string tcp_address;                 ///< its first numeric address
  std::uint16_t tcp_port = 0;              ///< of the URI; meaningless without TCP
  std::vector<HostLocation> further_tcp;   ///< the hosts after the first
  std::optional<HostLocation> second_tcp;  ///< the first host at ssl-port or plain-port
  bool uri_has_tls = false;  ///< whoever connects to what the URI names must speak TLS; to `second_tcp`, the reverse
  std::optional<std::string> unix_socket;  ///< "./u:path"
  std::optional<std::string> nat;
  std::optional<std::string> broadcast;  ///< where broadcasts are answered, "0.0.0.0:9091"

  /// Every place that is listened on: "127.0.0.1:9090", "[::1]:9443 (TLS)", "/run/ns.sock".
  std::vector<std::string> bound;
  /// The URI's host stands for every address (0.0.0.0 or ::): whoever asks should be told the one that he can reach.
  bool host_is_wildcard = false;
  /// IPv4 clients of other machines can connect, as far as binding decides it: those who find name servers by broadcast.
  bool serves_ipv4_network = false;

  /// What clients of this network connect to: TCP if there is any.
  [[nodiscard]] const std::string& internal() const { return tcp ? *tcp : *unix_socket; }
  /// What is registered: the NAT location if there is one.
  [[nodiscard]] const std::string& external() const { return nat ? *nat : internal(); }

  [[nodiscard]] std::string internal_uri() const;
  [[nodiscard]] std::string external_uri() const;
};

/// "host:port"; an IPv6 address gets its brackets.
[[nodiscard]] std::string location_of(const std::string& host, std::uint16_t port);

/// The lines that are printed once the server serves, each with its newline. `registrations` counts the server's own entry.
/// `serves_anyone`: clients need neither a key nor a certificate.
[[nodiscard]] std::string start_up_lines(const Locations& locations, std::size_t registrations, bool serves_anyone);

}  // namespace hearth
