#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "protocol/loop/listener.h"
#include "tests/support/accepting.h"
#include "tests/support/inheritable.h"
#include "tests/support/listening.h"
#include "tests/support/own_network.h"
#include "tests/support/socket_peer.h"
#include "tests/support/temp_dir.h"

namespace hearth {
namespace {

std::unique_ptr<Listener> adopted(Loop& loop, int descriptor) {
  auto listener = adopt_listener(loop, descriptor);
  REQUIRE(listener);
  return std::move(*listener);
}

bool is_open(int descriptor) { return ::fcntl(descriptor, F_GETFD) >= 0; }

/// The text behind the part that is always the same; the descriptor must be closed by then.
std::string refusal_of(Loop& loop, int descriptor) {
  const auto listener = adopt_listener(loop, descriptor);
  REQUIRE_FALSE(listener);
  CHECK(listener.error().kind == ErrorKind::system);
  CHECK_FALSE(is_open(descriptor));
  const std::string start = "cannot listen on the inherited descriptor " + std::to_string(descriptor) + ": ";
  CHECK(listener.error().text.find(start) == 0);
  return listener.error().text.substr(start.size());
}

}  // namespace

TEST_CASE("adopt_listener: a TCP socket is served where it is bound, until close()") {
  Loop loop;
  const int descriptor = inheritable_tcp();
  Accepting accepting(loop, adopted(loop, descriptor));
  CHECK(accepting.listener().bound_host() == "127.0.0.1");
  CHECK(accepting.listener().serves_ipv4());
  const SocketPeer peer = SocketPeer::connected_to(accepting.port());
  CHECK(accepting.next()->peer_address() == peer.local_address());
  CHECK((::fcntl(descriptor, F_GETFL) & O_NONBLOCK) != 0);
  CHECK((::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
  accepting.listener().close();
  CHECK_FALSE(is_open(descriptor));
}

TEST_CASE("adopt_listener: of :: it tells whether IPv4 clients can connect") {
  const OwnNetwork network;
  Loop loop;
  for (const bool for_ipv6_only : {false, true}) {
    const auto listener = adopted(loop, inheritable_tcp_v6(for_ipv6_only));
    CHECK(listener->bound_host() == "::");
    CHECK(listener->serves_ipv4() == !for_ipv6_only);
    CHECK(can_connect("127.0.0.1", listener->bound_port()) == !for_ipv6_only);
    CHECK(can_connect("::1", listener->bound_port()));
  }
}

TEST_CASE("adopt_listener: close() leaves a Unix socket's file to whoever made it") {
  TempDir dir;
  const std::string path = dir / "socket";
  Loop loop;
  Accepting accepting(loop, adopted(loop, inheritable_unix(path)));
  CHECK(accepting.listener().bound_host() == path);
  CHECK(accepting.port() == 0);
  CHECK_FALSE(accepting.listener().serves_ipv4());
  const SocketPeer peer = SocketPeer::connected_to(path);
  CHECK(accepting.next()->peer_uid() == geteuid());
  accepting.listener().close();
  CHECK(std::filesystem::is_socket(path));
}

TEST_CASE("adopt_listener: a path of 108 bytes, which has no room for its end, is read whole") {
  TempDir dir;
  const std::string start = dir / "";
  const std::string path = start + std::string(108 - start.size(), 'x');
  Loop loop;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy(path.begin(), path.end(), address.sun_path);
  CHECK(adopted(loop, listening_descriptor(AF_UNIX, &address, sizeof address))->bound_host() == path);
}

TEST_CASE("adopt_listener: says what is wrong with a descriptor, and closes it") {
  Loop loop;
  CHECK(refusal_of(loop, -1) == "it is not open");
  CHECK(refusal_of(loop, ::open("/dev/null", O_RDONLY)) == "it is not a socket");
  CHECK(refusal_of(loop, ::socket(AF_INET, SOCK_DGRAM, 0)) == "it is not a stream socket: use ListenStream=");
  CHECK(refusal_of(loop, ::socket(AF_INET, SOCK_STREAM, 0)) == "it does not listen: use Accept=no");
  CHECK(refusal_of(loop, inheritable_unix(std::string("\0hearth-test", 12) + std::to_string(getpid()))) ==
        "it is a Unix socket without a path, which no Pyro URI can name");
}

}  // namespace hearth
