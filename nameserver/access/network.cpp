#include "nameserver/access/network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>

namespace hearth {
namespace {

constexpr std::uint8_t mapped_bits = 96;  ///< of ::ffff:0:0/96, where the IPv4 addresses are

bool is_ipv6(std::string_view text) { return text.find(':') != std::string_view::npos; }

/// The first `bits` of it, and zeros.
IpAddress masked(IpAddress address, unsigned bits) {
  for (unsigned i = 0; i < address.size(); ++i) {
    const unsigned left = bits > 8 * i ? bits - 8 * i : 0;
    if (left < 8) address[i] = static_cast<std::uint8_t>(address[i] & (0xFF00U >> left));
  }
  return address;
}

}  // namespace

std::optional<IpAddress> parse_address(std::string_view text) {
  const std::string copy(text);  // ends with a zero
  if (copy.find('\0') != std::string::npos) return std::nullopt;
  IpAddress address{};
  if (is_ipv6(text)) {
    if (::inet_pton(AF_INET6, copy.c_str(), address.data()) != 1) return std::nullopt;
    return address;
  }
  address[10] = address[11] = 0xFF;
  if (::inet_pton(AF_INET, copy.c_str(), address.data() + mapped_bits / 8) != 1) return std::nullopt;
  return address;
}

std::optional<IpAddress> address_of_peer(std::string_view peer_address) {
  const std::size_t colon = peer_address.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = peer_address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return parse_address(host.substr(0, host.find('%')));
}

bool Network::contains(const IpAddress& other) const { return masked(other, bits) == address; }

Result<Network> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view address_text = text.substr(0, slash);
  const auto address = parse_address(address_text);
  if (!address) return fail(ErrorKind::malformed, "expected an IP address or a network such as 192.0.2.0/24");
  Network network{*address, 128};
  if (slash == std::string_view::npos) return network;
  const std::string_view bits_text = text.substr(slash + 1);
  const unsigned bits_max = is_ipv6(address_text) ? 128 : 32;
  unsigned bits = 0;
  const auto parsed = std::from_chars(bits_text.data(), bits_text.data() + bits_text.size(), bits);
  if (parsed.ec != std::errc() || parsed.ptr != bits_text.data() + bits_text.size() || bits > bits_max) {
    return fail(ErrorKind::malformed, "behind the / there must be a number up to " + std::to_string(bits_max));
  }
  network.bits = static_cast<std::uint8_t>(bits + 128 - bits_max);
  if (masked(*address, network.bits) != *address) {
    return fail(ErrorKind::malformed, "the address has bits behind the first " + std::to_string(bits) +
                                          ": write the network's address, or leave out the /");
  }
  return network;
}

}  // namespace hearth
