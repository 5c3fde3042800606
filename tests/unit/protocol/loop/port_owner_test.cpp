#include "protocol/loop/port_owner.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include "protocol/loop/stream.h"
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

}  // namespace

TEST_CASE("port_owner: names the program and process that listens, for that address only") {
  Loop loop;
  const auto listening = listen_tcp(loop, "127.0.0.1", 0);
  REQUIRE(listening);
  const std::uint16_t port = (*listening)->bound_port();
  CHECK(port_owner(v4("127.0.0.1", port)) == process_text(getpid()));
  CHECK(port_owner(v4("0.0.0.0", port)) == process_text(getpid()));
  CHECK(port_owner(v4("127.0.0.2", port)) == std::nullopt);
  (*listening)->close();
  CHECK(port_owner(v4("127.0.0.1", port)) == std::nullopt);
}

TEST_CASE("port_owner: TCP and UDP are two worlds") {
  Loop loop;
  auto listening = listen_tcp(loop, "127.0.0.1", 0);
  REQUIRE(listening);
  CHECK(port_owner(v4("127.0.0.1", (*listening)->bound_port()), Transport::udp) != process_text(getpid()));
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
