#include <doctest/doctest.h>
#include <unistd.h>

#include <string>

#include "protocol/loop/stream.h"
#include "tests/support/socket_peer.h"

namespace hearth {

namespace {

std::string error_of(Loop& loop, const std::string& host, std::uint16_t port) {
  const auto listening = listen_tcp(loop, host, port);
  if (listening) return "no error";
  CHECK(listening.error().kind == ErrorKind::system);
  return listening.error().text;
}

}  // namespace

TEST_CASE("listen_tcp: port 0 becomes a real one, a name becomes an IPv4 address") {
  Loop loop;
  const auto listening = listen_tcp(loop, "localhost", 0);
  REQUIRE(listening);
  CHECK((*listening)->bound_host() == "127.0.0.1");
  CHECK((*listening)->bound_port() != 0);
  CHECK(SocketPeer::tcp().connect((*listening)->bound_port()));
}

TEST_CASE("listen_tcp: an IPv6 address works where the machine has it") {
  Loop loop;
  const auto listening = listen_tcp(loop, "::1", 0);
  if (listening) {
    CHECK((*listening)->bound_host() == "::1");
    const std::string text = error_of(loop, "::1", (*listening)->bound_port());
    CHECK(text.find("cannot listen on [::1]:") == 0);
    CHECK(text.find("(pid " + std::to_string(getpid()) + ")") != std::string::npos);
  } else {
    CHECK(listening.error().text.find("cannot listen on [::1]:0: ") == 0);
  }
}

TEST_CASE("listen_tcp: a port in use is refused with the name of the program that has it") {
  Loop loop;
  const auto first = listen_tcp(loop, "127.0.0.1", 0);
  REQUIRE(first);
  const std::uint16_t port = (*first)->bound_port();
  const std::string text = error_of(loop, "localhost", port);
  CHECK(text.find("cannot listen on localhost:" + std::to_string(port) + ": the port is in use by ") == 0);
  const std::string tail = " (pid " + std::to_string(getpid()) + "): stop it or choose another port with -p";
  CHECK(text.find(tail) != std::string::npos);
  // Whoever wants all addresses is in the way of one, and the other way round.
  CHECK(error_of(loop, "0.0.0.0", port).find(tail) != std::string::npos);
}

TEST_CASE("listen_tcp: the port is free again after close(), in spite of connections in TIME_WAIT") {
  Loop loop;
  auto first = listen_tcp(loop, "127.0.0.1", 0);
  REQUIRE(first);
  const std::uint16_t port = (*first)->bound_port();
  bool done = false;
  REQUIRE((*first)->start([&](std::unique_ptr<Stream> stream) {
    stream->close();  // the first to close is the one in TIME_WAIT
    done = true;
    loop.stop();
  }));
  SocketPeer peer = SocketPeer::connected_to(port);
  run_until(loop, [&] { return done; });
  CHECK(peer.sees_end());
  peer.close();
  (*first)->close();
  CHECK(error_of(loop, "127.0.0.1", port) == "no error");
}

TEST_CASE("listen_tcp: hosts that cannot be") {
  Loop loop;
  CHECK(error_of(loop, "192.0.2.1", 9) == "cannot listen on 192.0.2.1:9: 192.0.2.1 is not an address of this machine");
  const std::string text = error_of(loop, "no such host", 9);
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
  const std::string text = error_of(loop, "127.0.0.1", 81);
  const bool machine_allows_it = text == "no error";  // net.ipv4.ip_unprivileged_port_start
  if (!machine_allows_it) {
    CHECK(text ==
          "cannot listen on 127.0.0.1:81: no permission for ports below 1024: choose another or give the capability "
          "CAP_NET_BIND_SERVICE");
  }
}

}  // namespace hearth
