/// Network: a range of IP addresses, as "192.0.2.0/24", "2001:db8::/32" or a single address.
///
/// Layer: access (no socket: addresses are text and bits).        Thread rule: plain value.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include <hearth/result.h>

namespace hearth {

/// An IPv4 address is the IPv6 address that stands for it, ::ffff:192.0.2.7: sockets for both families show it so.
using IpAddress = std::array<std::uint8_t, 16>;

/// An address without a port, brackets or a zone ("%eth0"); nullopt: it is none.
[[nodiscard]] std::optional<IpAddress> parse_address(std::string_view text);

/// Of a peer as `Peer::address` writes it: "192.0.2.7:50123", "[2001:db8::7]:50123"; nullopt: it is on a Unix socket.
[[nodiscard]] std::optional<IpAddress> address_of_peer(std::string_view peer_address);

struct Network {
  IpAddress address{};
  std::uint8_t bits = 128;  ///< how many of them all its addresses share

  [[nodiscard]] bool contains(const IpAddress& other) const;
  auto operator<=>(const Network&) const = default;
};

/// Errors say what is wrong and end no sentence.
[[nodiscard]] Result<Network> parse_network(std::string_view text);

}  // namespace hearth
