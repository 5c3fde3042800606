#include "protocol/loop/port_owner.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include "tests/support/listening.h"
#include "tests/support/own_network.h"
#include "tests/support/udp_peer.h"

namespace hearth {
namespace {

sockaddr_storage v4(const char* host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  inet_pton(AF_INET, host, &address.sin_addr);
  sockaddr_storage storage{};
  std::memcpy(&storage, &address, sizeof address);
  return storage;
}

sockaddr_storage v6(const char* host, std::uint16_t port) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  inet_pton(AF_INET6, host, &address.sin6_addr);
  sockaddr_storage storage{};
  std::memcpy(&storage, &address, sizeof address);
  return storage;
}

}  // namespace

TEST_CASE("port_owner: names the program and process that listens, for that address only") {
  Loop loop;
  const auto listener = listen_on_loopback(loop);
  const std::uint16_t port = listener->bound_port();
  CHECK(port_owner(v4("127.0.0.1", port)) == process_text(getpid()));
  CHECK(port_owner(v4("0.0.0.0", port)) == process_text(getpid()));
  CHECK(port_owner(v4("127.0.0.2", port)) == std::nullopt);
  listener->close();
  CHECK(port_owner(v4("127.0.0.1", port)) == std::nullopt);
}

TEST_CASE("port_owner: an IPv6 address is not taken by who listens on IPv4") {
  const OwnNetwork network;
  Loop loop;
  const auto all_ipv4 = listen_tcp(loop, {"0.0.0.0"}, 0);
  REQUIRE(all_ipv4);
  CHECK(port_owner(v6("::1", all_ipv4->port)) == std::nullopt);
  CHECK(port_owner(v6("::", all_ipv4->port)) == process_text(getpid()));  // it would serve both families
}

TEST_CASE("port_owner: TCP and UDP are two worlds") {
  Loop loop;
  const auto listener = listen_on_loopback(loop);
  CHECK(port_owner(v4("127.0.0.1", listener->bound_port()), Transport::udp) != process_text(getpid()));
  const UdpPeer peer;
  CHECK(port_owner(v4("127.0.0.1", peer.port()), Transport::udp) == process_text(getpid()));
  CHECK(port_owner(v4("0.0.0.0", peer.port()), Transport::udp) == process_text(getpid()));
  CHECK(port_owner(v4("127.0.0.2", peer.port()), Transport::udp) != process_text(getpid()));
  CHECK(port_owner(v4("127.0.0.1", peer.port())) != process_text(getpid()));
}

TEST_CASE("process_text: a process that has gone still makes a sentence") {
  CHECK(process_text(-1) == "a process (pid -1)");
  CHECK(process_text(getpid()).find(" (pid " + std::to_string(getpid()) + ")") != std::string::npos);
}

}  // namespace hearth
