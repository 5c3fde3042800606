#include <doctest/doctest.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "protocol/loop/listener.h"
#include "tests/support/accepting.h"
#include "tests/support/listening.h"
#include "tests/support/own_network.h"
#include "tests/support/socket_peer.h"

namespace hearth {

namespace {

using Texts = std::vector<std::string>;

std::string error_of(Loop& loop, const Texts& hosts, std::uint16_t port) {
  const auto listening = listen_tcp(loop, hosts, port);
  if (listening) return "no error";
  CHECK(listening.error().kind == ErrorKind::system);
  return listening.error().text;
}

/// Listens on a port that the kernel chooses.
TcpListeners opened(Loop& loop, const Texts& hosts) {
  auto listening = listen_tcp(loop, hosts, 0);
  REQUIRE(listening);
  return std::move(*listening);
}

Texts bound_hosts(const TcpListeners& tcp) {
  Texts hosts;
  for (const auto& listener : tcp.listeners) {
    hosts.push_back(listener->bound_host());
    CHECK(listener->bound_port() == tcp.port);
    CHECK(can_connect(listener->bound_host(), tcp.port));
  }
  return hosts;
}

const std::string in_use_by_us = " (pid " + std::to_string(getpid()) + "): stop it or choose another port with -p";

}  // namespace

TEST_CASE("listen_tcp: localhost is both loopbacks, IPv4 first, on one real port") {
  const OwnNetwork network;
  Loop loop;
  for (const char* spelling : {"localhost", "LocalHost"}) {
    const auto tcp = opened(loop, {spelling});
    CHECK(tcp.port != 0);
    CHECK(tcp.host_addresses == Texts{"127.0.0.1"});
    CHECK(bound_hosts(tcp) == Texts{"127.0.0.1", "::1"});
    CHECK(tcp.listeners[0]->serves_ipv4());
    CHECK_FALSE(tcp.listeners[1]->serves_ipv4());
  }
}

TEST_CASE("listen_tcp: a machine without IPv6 has one loopback") {
  OwnNetwork network;
  network.disable_ipv6();
  Loop loop;
  CHECK(bound_hosts(opened(loop, {"localhost"})) == Texts{"127.0.0.1"});
  CHECK(error_of(loop, {"::1"}, 9) == "cannot listen on [::1]:9: ::1 is not an address of this machine");
}

TEST_CASE("listen_tcp: several hosts share the port, in their order") {
  Loop loop;
  const auto tcp = opened(loop, {"127.0.0.2", "127.0.0.1"});
  CHECK(bound_hosts(tcp) == Texts{"127.0.0.2", "127.0.0.1"});
  CHECK(tcp.host_addresses == Texts{"127.0.0.2", "127.0.0.1"});
}

TEST_CASE("listen_tcp: a free port is one that is free on every address") {
  OwnNetwork network;
  network.set_free_ports(40000, 40003);
  Loop loop;
  std::vector<TcpListeners> taken;
  for (std::uint16_t port = 40000; port < 40003; ++port) {
    auto listening = listen_tcp(loop, {"::1"}, port);
    REQUIRE(listening);
    taken.push_back(std::move(*listening));
  }
  const auto last = opened(loop, {"localhost"});
  CHECK(last.port == 40003);
  CHECK(error_of(loop, {"localhost"}, 0) ==
        "cannot listen on localhost:0: no port is free on all its addresses: choose one with -p");
}

TEST_CASE("listen_tcp: what two hosts stand for is bound once") {
  const OwnNetwork network;
  Loop loop;
  const auto tcp = opened(loop, {"127.0.0.1", "localhost", "127.0.0.1"});
  CHECK(bound_hosts(tcp) == Texts{"127.0.0.1", "::1"});
  CHECK(tcp.host_addresses == Texts{"127.0.0.1", "127.0.0.1", "127.0.0.1"});
}

TEST_CASE("listen_tcp: a wildcard serves the addresses of its family, before or behind it") {
  const OwnNetwork network;
  Loop loop;
  for (const Texts& hosts : {Texts{"0.0.0.0", "127.0.0.1"}, Texts{"127.0.0.1", "0.0.0.0"}}) {
    const auto tcp = opened(loop, hosts);
    CHECK(bound_hosts(tcp) == Texts{"0.0.0.0"});
    CHECK(tcp.host_addresses == hosts);
    CHECK(can_connect("127.0.0.1", tcp.port));
  }
  CHECK(bound_hosts(opened(loop, {"0.0.0.0", "localhost"})) == Texts{"0.0.0.0", "::1"});
}

TEST_CASE("listen_tcp: :: serves both families, and leaves IPv4 to 0.0.0.0 if that is there") {
  OwnNetwork network;
  network.set_bindv6only();
  Loop loop;
  {
    const auto tcp = opened(loop, {"127.0.0.1", "::", "::1"});
    CHECK(bound_hosts(tcp) == Texts{"::"});
    CHECK(tcp.listeners.front()->serves_ipv4());
    CHECK(can_connect("127.0.0.1", tcp.port));
    CHECK(can_connect("::1", tcp.port));
  }
  for (const Texts& hosts : {Texts{"0.0.0.0", "::"}, Texts{"::", "0.0.0.0"}}) {
    const auto tcp = opened(loop, hosts);
    CHECK(bound_hosts(tcp) == hosts);
    for (const auto& listener : tcp.listeners) CHECK(listener->serves_ipv4() == (listener->bound_host() == "0.0.0.0"));
    CHECK(can_connect("127.0.0.1", tcp.port));
    CHECK(can_connect("::1", tcp.port));
  }
}

TEST_CASE("listen_tcp: an IPv4 client of :: is spelled as IPv4") {
  const OwnNetwork network;
  Loop loop;
  auto tcp = opened(loop, {"::"});
  Accepting accepting(loop, std::move(tcp.listeners.front()));
  const SocketPeer peer = SocketPeer::connected_to(tcp.port);
  CHECK(accepting.next()->peer_address() == peer.local_address());
}

TEST_CASE("listen_tcp: a port in use is refused with the name of the program that has it") {
  const OwnNetwork network;
  Loop loop;
  const auto first = listen_on_loopback(loop);
  const std::uint16_t port = first->bound_port();
  const std::string text = error_of(loop, {"localhost"}, port);
  CHECK(text.find("cannot listen on localhost:" + std::to_string(port) + ": the port is in use by ") == 0);
  CHECK(text.find(in_use_by_us) != std::string::npos);
  // Whoever wants all addresses is in the way of one, and the other way round.
  for (const char* wildcard : {"0.0.0.0", "::"})
    CHECK(error_of(loop, {wildcard}, port).find(in_use_by_us) != std::string::npos);
}

TEST_CASE("listen_tcp: a port that is taken on one address only is refused on all") {
  const OwnNetwork network;
  Loop loop;
  const auto taken = opened(loop, {"::1"});
  const std::string port = std::to_string(taken.port);
  CHECK(error_of(loop, {"localhost"}, taken.port)
            .find("cannot listen on localhost:" + port + " (::1): the port is in use by ") == 0);
  CHECK(error_of(loop, {"127.0.0.1", "::1"}, taken.port)
            .find("cannot listen on [::1]:" + port + ": the port is in use by ") == 0);
  CHECK_FALSE(can_connect("127.0.0.1", taken.port));
}

TEST_CASE("listen_tcp: the port is free again after close(), in spite of connections in TIME_WAIT") {
  Loop loop;
  const auto first = listen_on_loopback(loop);
  const std::uint16_t port = first->bound_port();
  bool done = false;
  REQUIRE(first->start([&](std::unique_ptr<Stream> stream) {
    stream->close();  // the first to close is the one in TIME_WAIT
    done = true;
    loop.stop();
  }));
  SocketPeer peer = SocketPeer::connected_to(port);
  run_until(loop, [&] { return done; });
  CHECK(peer.sees_end());
  peer.close();
  first->close();
  CHECK(error_of(loop, {"127.0.0.1"}, port) == "no error");
}

TEST_CASE("listen_tcp: hosts that cannot be, alone or beside one that can") {
  const OwnNetwork network;
  Loop loop;
  const std::string not_ours = "cannot listen on 192.0.2.1:9: 192.0.2.1 is not an address of this machine";
  CHECK(error_of(loop, {"192.0.2.1"}, 9) == not_ours);
  CHECK(error_of(loop, {"0.0.0.0", "192.0.2.1"}, 9) == not_ours);
  const std::string text = error_of(loop, {"127.0.0.1", "no such host"}, 9);
  CHECK(text.find("cannot listen on no such host:9: unknown host 'no such host': ") == 0);
}

namespace {

/// Drops root's powers for a while, if the tests have them.
class WithoutPowers {
 public:
  WithoutPowers() : was_root_(geteuid() == 0) { REQUIRE((!was_root_ || seteuid(nobody) == 0)); }
  ~WithoutPowers() {
    if (was_root_) static_cast<void>(seteuid(0) == 0);
  }

 private:
  static constexpr uid_t nobody = 65534;
  bool was_root_;
};

}  // namespace

TEST_CASE("listen_tcp: without permission for a low port the error names the capability") {
  Loop loop;
  const WithoutPowers powerless;
  const std::string text = error_of(loop, {"127.0.0.1"}, 81);
  const bool machine_allows_it = text == "no error";  // net.ipv4.ip_unprivileged_port_start
  if (!machine_allows_it) {
    CHECK(text ==
          "cannot listen on 127.0.0.1:81: no permission for ports below 1024: choose another or give the capability "
          "CAP_NET_BIND_SERVICE");
  }
}

}  // namespace hearth
