#include "protocol/loop/udp_socket.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

#include "tests/support/socket_peer.h"
#include "tests/support/udp_peer.h"

namespace hearth {
namespace {

UdpSocket bound(Loop& loop, const std::string& host = "127.0.0.1", std::uint16_t port = 0) {
  auto socket = UdpSocket::bind(loop, host, port);
  REQUIRE(socket);
  return std::move(*socket);
}

std::string error_of(const Result<UdpSocket>& socket) {
  if (socket) return "no error";
  CHECK(socket.error().kind == ErrorKind::system);
  return socket.error().text;
}

/// A bound UDP socket as a service manager hands it over.
int opened_elsewhere(int family, bool is_shared) {
  const int descriptor = ::socket(family, SOCK_DGRAM, 0);
  const int on = is_shared ? 1 : 0;
  REQUIRE(::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0);
  const int off = 0;
  if (family == AF_INET6) REQUIRE(::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0);
  sockaddr_storage any{};
  any.ss_family = static_cast<sa_family_t>(family);
  REQUIRE(::bind(descriptor, reinterpret_cast<const sockaddr*>(&any),
                 family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6)) == 0);
  return descriptor;
}

bool has_ipv6() {
  const int descriptor = ::socket(AF_INET6, SOCK_DGRAM, 0);
  return descriptor >= 0 && ::close(descriptor) == 0;
}

/// What a program that shares its port gets when it wants this one (pyro4-ns: SOCK_REUSE).
int error_of_sharing_bind(std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_DGRAM, 0);
  const int on = 1;
  REQUIRE(::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0);
  sockaddr_in wanted{};
  wanted.sin_family = AF_INET;
  wanted.sin_port = htons(port);
  wanted.sin_addr.s_addr = htonl(INADDR_ANY);
  const int status = ::bind(descriptor, reinterpret_cast<const sockaddr*>(&wanted), sizeof wanted) == 0 ? 0 : errno;
  ::close(descriptor);
  return status;
}

struct Heard {
  std::string bytes;
  bool is_truncated;
  std::string host;
  std::uint16_t port;
};

/// Collects datagrams, and sends each back.
struct Echo {
  Echo(UdpSocket its_socket, std::size_t bytes_max) : socket(std::move(its_socket)) {
    socket.start(bytes_max, [this](const Datagram& datagram) {
      heard.push_back({std::string(datagram.bytes), datagram.is_truncated, datagram.host, datagram.port});
      CHECK(socket.send(datagram.bytes, datagram.host, datagram.port));
    });
  }

  UdpSocket socket;
  std::vector<Heard> heard;
};

}  // namespace

TEST_CASE("udp: datagrams come whole, with their sender, and answers go back") {
  Loop loop;
  const UdpPeer peer;
  Echo echo(bound(loop), 100);
  CHECK(echo.socket.bound_host() == "127.0.0.1");
  CHECK(echo.socket.bound_port() != 0);
  run_beside(loop, [&] {
    peer.send("first", echo.socket.bound_port());
    const auto answer = peer.receive();
    CHECK(answer.bytes == "first");
    CHECK(answer.port == echo.socket.bound_port());
    peer.send("second", echo.socket.bound_port());
    CHECK(peer.receive().bytes == "second");
  });
  REQUIRE(echo.heard.size() == 2);
  CHECK(echo.heard[0].host == "127.0.0.1");
  CHECK(echo.heard[0].port == peer.port());
  CHECK_FALSE(echo.heard[0].is_truncated);
}

TEST_CASE("udp: empty and oversized datagrams are datagrams") {
  Loop loop;
  const UdpPeer peer;
  Echo echo(bound(loop), 10);
  run_beside(loop, [&] {
    for (const std::size_t size : {std::size_t{0}, std::size_t{10}, std::size_t{11}, std::size_t{65507}}) {
      peer.send(std::string(size, 'x'), echo.socket.bound_port());
      CHECK(peer.receive().bytes == std::string(std::min(size, std::size_t{10}), 'x'));
    }
  });
  REQUIRE(echo.heard.size() == 4);
  CHECK_FALSE(echo.heard[0].is_truncated);
  CHECK_FALSE(echo.heard[1].is_truncated);
  CHECK(echo.heard[2].is_truncated);
  CHECK(echo.heard[3].is_truncated);
}

TEST_CASE("udp: more than libuv reads in a turn arrives in the next ones") {
  Loop loop;
  const UdpPeer peer;
  Echo echo(bound(loop), 100);
  constexpr std::size_t count = 100;  // small enough for the kernel's buffer
  for (std::size_t i = 0; i < count; ++i) peer.send(std::to_string(i), echo.socket.bound_port());
  run_until(loop, [&] { return echo.heard.size() == count; });
  CHECK(echo.heard.back().bytes == "99");
}

TEST_CASE("udp: an answer to a closed port stops nothing") {
  Loop loop;
  const UdpPeer peer;
  Echo echo(bound(loop), 100);
  std::uint16_t closed_port = 0;
  { closed_port = UdpPeer().port(); }
  for (int i = 0; i < 3; ++i) static_cast<void>(echo.socket.send("anybody?", "127.0.0.1", closed_port));
  run_beside(loop, [&] {
    peer.send("still there?", echo.socket.bound_port());
    CHECK(peer.receive().bytes == "still there?");
  });
}

TEST_CASE("udp: what cannot be sent is an error, at once") {
  Loop loop;
  UdpSocket socket = bound(loop);
  CHECK_FALSE(socket.send("x", "localhost", 9));        // not in numbers
  CHECK_FALSE(socket.send("x", "::1", 9));              // IPv6 from an IPv4 socket
  CHECK_FALSE(socket.send("x", "255.255.255.255", 9));  // not allowed
  CHECK_FALSE(socket.send(std::string(70000, 'x'), "127.0.0.1", 9));
  socket.allow_broadcast();
  CHECK(socket.send("x", "127.255.255.255", socket.bound_port()));
}

TEST_CASE("udp: a port in use is refused with its owner's name, and the remedy is the caller's") {
  Loop loop;
  const UdpSocket first = bound(loop);
  const std::uint16_t port = first.bound_port();
  for (const char* host : {"127.0.0.1", "localhost", "0.0.0.0"}) {
    const std::string text = error_of(UdpSocket::bind(loop, host, port));
    CHECK(text.find("cannot bind UDP " + std::string(host) + ":" + std::to_string(port) + ": the port is in use by ") ==
          0);
    CHECK(text.ends_with(" (pid " + std::to_string(getpid()) + ")"));
  }
  CHECK(error_of_sharing_bind(port) == EADDRINUSE);
}

TEST_CASE("udp: hosts that cannot be") {
  Loop loop;
  CHECK(error_of(UdpSocket::bind(loop, "192.0.2.1", 9)) ==
        "cannot bind UDP 192.0.2.1:9: 192.0.2.1 is not an address of this machine");
  CHECK(error_of(UdpSocket::bind(loop, "::1", 9)).find("cannot bind UDP [::1]:9: '::1' has no IPv4 address: ") == 0);
  CHECK(error_of(UdpSocket::bind(loop, "no such host", 9))
            .find("cannot bind UDP no such host:9: 'no such host' has no ") == 0);
}

TEST_CASE("udp: the port is free again after close()") {
  Loop loop;
  UdpSocket first = bound(loop);
  const std::uint16_t port = first.bound_port();
  first.close();
  CHECK(error_of(UdpSocket::bind(loop, "127.0.0.1", port)) == "no error");
}

TEST_CASE("udp: it may be closed from inside its own callback") {
  Loop loop;
  const UdpPeer peer;
  UdpSocket socket = bound(loop);
  int calls = 0;
  socket.start(10, [&](const Datagram&) {
    ++calls;
    socket.close();
  });
  peer.send("1", socket.bound_port());
  peer.send("2", socket.bound_port());
  run_until(loop, [&] { return calls > 0; });
  run_some_turns(loop);
  CHECK(calls == 1);
}

TEST_CASE("udp: an inherited socket works, and is ours alone from then on") {
  for (const int family : {AF_INET, AF_INET6}) {
    if (family == AF_INET6 && !has_ipv6()) continue;
    Loop loop;
    const UdpPeer peer;
    auto adopted = UdpSocket::adopt(loop, opened_elsewhere(family, true));
    REQUIRE(adopted);
    CHECK(adopted->bound_host() == (family == AF_INET ? "0.0.0.0" : "::"));
    CHECK(error_of_sharing_bind(adopted->bound_port()) == EADDRINUSE);
    Echo echo(std::move(*adopted), 100);
    run_beside(loop, [&] {
      peer.send("hello", echo.socket.bound_port());
      CHECK(peer.receive().bytes == "hello");
    });
    REQUIRE(echo.heard.size() == 1);
    CHECK(echo.heard[0].host == "127.0.0.1");  // whatever the family of the socket
  }
}

TEST_CASE("udp: descriptors that are no such thing are refused") {
  Loop loop;
  const auto refusal = [&loop](int descriptor) {
    const std::string text = error_of(UdpSocket::adopt(loop, descriptor));
    const std::string start = "cannot use the inherited descriptor " + std::to_string(descriptor) + " for UDP: ";
    CHECK(text.find(start) == 0);
    return text.substr(start.size());
  };
  CHECK(refusal(::dup(STDERR_FILENO)) == "it is no socket");
  CHECK(refusal(::socket(AF_INET, SOCK_STREAM, 0)) == "it is no UDP socket");
  CHECK(refusal(::socket(AF_UNIX, SOCK_DGRAM, 0)) == "it is no UDP socket");
  CHECK(refusal(::socket(AF_INET, SOCK_DGRAM, 0)) == "it is not bound to a port");
  const UdpPeer peer;
  const int connected = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in target{};
  target.sin_family = AF_INET;
  target.sin_port = htons(peer.port());
  target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(connected, reinterpret_cast<const sockaddr*>(&target), sizeof target) == 0);
  CHECK(refusal(connected) == "it is connected");
}

}  // namespace hearth
