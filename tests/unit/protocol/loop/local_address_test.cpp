#include "protocol/loop/local_address.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace hearth {

TEST_CASE("local_address_towards: loopback faces loopback") {
  CHECK(local_address_towards("127.0.0.1") == std::string("127.0.0.1"));
  CHECK(local_address_towards("127.9.9.9") == std::string("127.0.0.1"));
}

TEST_CASE("local_address_towards: what cannot be reached is an error that names it") {
  const auto broadcast = local_address_towards("255.255.255.255");  // not allowed without being asked for
  REQUIRE_FALSE(broadcast);
  CHECK(broadcast.error().text.starts_with("no way to 255.255.255.255: "));
  const auto name = local_address_towards("localhost");
  REQUIRE_FALSE(name);
  CHECK(name.error().text == "'localhost' is not an address in numbers");
}

TEST_CASE("local_addresses: loopback is one of them, in numbers") {
  const auto addresses = local_addresses();
  CHECK(std::find(addresses.begin(), addresses.end(), "127.0.0.1") != addresses.end());
}

TEST_CASE("broadcast_addresses: loopback has none") {
  for (const std::string& address : broadcast_addresses()) CHECK_FALSE(address.starts_with("127."));
}

TEST_CASE("resolve_ipv4: numbers, names, and what has no IPv4 address") {
  CHECK(resolve_ipv4("192.0.2.255") == std::string("192.0.2.255"));
  CHECK(resolve_ipv4("localhost") == std::string("127.0.0.1"));
  for (const char* host : {"no such host", "::1"}) {
    const auto address = resolve_ipv4(host);
    REQUIRE_FALSE(address);
    CHECK(address.error().text.starts_with("'" + std::string(host) + "' has no IPv4 address: "));
  }
}

}  // namespace hearth
