#include "nameserver/access/network.h"

#include <doctest/doctest.h>

#include <string>

namespace hearth::test {
namespace {

bool contains(const char* network, const char* peer_address) {
  const auto parsed = parse_network(network);
  REQUIRE_MESSAGE(parsed.has_value(), network);
  const auto address = address_of_peer(peer_address);
  return address && parsed->contains(*address);
}

}  // namespace

TEST_CASE("network: the addresses in it") {
  CHECK(contains("192.0.2.0/24", "192.0.2.0:1"));
  CHECK(contains("192.0.2.0/24", "192.0.2.255:50123"));
  CHECK_FALSE(contains("192.0.2.0/24", "192.0.3.0:1"));
  CHECK_FALSE(contains("192.0.2.0/24", "192.0.1.255:1"));
  CHECK(contains("192.0.2.7", "192.0.2.7:1"));
  CHECK_FALSE(contains("192.0.2.7", "192.0.2.6:1"));
  CHECK(contains("192.0.2.128/25", "192.0.2.129:1"));
  CHECK_FALSE(contains("192.0.2.128/25", "192.0.2.127:1"));
  CHECK(contains("0.0.0.0/0", "203.0.113.9:1"));
  CHECK_FALSE(contains("0.0.0.0/0", "[2001:db8::7]:1"));
  CHECK(contains("2001:db8::/32", "[2001:db8:ffff::1]:1"));
  CHECK_FALSE(contains("2001:db8::/32", "[2001:db9::1]:1"));
  CHECK(contains("2001:db8::/33", "[2001:db8:7fff::1]:1"));
  CHECK_FALSE(contains("2001:db8::/33", "[2001:db8:8000::1]:1"));
  CHECK(contains("::/0", "192.0.2.7:1"));
  CHECK(contains("::1", "[::1]:1"));
}

TEST_CASE("network: an IPv4 client at a socket for both families, and an address with a zone") {
  CHECK(contains("192.0.2.0/24", "[::ffff:192.0.2.7]:1"));
  CHECK_FALSE(contains("192.0.2.0/24", "[::ffff:192.0.3.7]:1"));
  CHECK(contains("fe80::/10", "[fe80::1%eth0]:1"));
}

TEST_CASE("network: what is none") {
  for (const char* text : {"", "/", "192.0.2", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/2x", "::/129",
                           "host", "192.0.2.0/24/24", "[::1]", "::1%lo"}) {
    CHECK_MESSAGE(!parse_network(text).has_value(), text);
  }
  CHECK_FALSE(parse_address(std::string_view("192.0.2.7\0x", 11)));
  CHECK_FALSE(address_of_peer("unix socket"));
  const auto loose = parse_network("192.0.2.7/24");
  REQUIRE_FALSE(loose.has_value());
  CHECK(loose.error().text.starts_with("the address has bits behind the first 24"));
}

}  // namespace hearth::test
