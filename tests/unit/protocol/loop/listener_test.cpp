#include "protocol/loop/listener.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <vector>

#include "protocol/base/log.h"
#include "protocol/loop/timer.h"
#include "tests/support/accepting.h"
#include "tests/support/listening.h"
#include "tests/support/socket_peer.h"

namespace hearth {

TEST_CASE(
    "listener: paused from inside the callback it takes no further connection, resumed it takes those that waited") {
  Loop loop;
  const auto listener = listen_on_loopback(loop);
  std::vector<std::unique_ptr<Stream>> streams;
  bool pauses = true;
  REQUIRE(listener->start([&](std::unique_ptr<Stream> stream) {
    streams.push_back(std::move(stream));
    if (pauses) listener->pause_accepting();
    loop.stop();
  }));
  std::vector<SocketPeer> peers;
  for (int i = 0; i < 3; ++i) peers.push_back(SocketPeer::connected_to(listener->bound_port()));
  run_until(loop, [&] { return !streams.empty(); });
  run_some_turns(loop);
  CHECK(streams.size() == 1);

  pauses = false;
  listener->resume_accepting();
  run_until(loop, [&] { return streams.size() == 3; });
  CHECK(streams[2]->peer_address() == peers[2].local_address());
}

TEST_CASE("listener: closed from inside the callback it refuses the next peer") {
  Loop loop;
  const auto listener = listen_on_loopback(loop);
  const std::uint16_t port = listener->bound_port();
  int accepted = 0;
  REQUIRE(listener->start([&](std::unique_ptr<Stream>) {
    ++accepted;
    listener->close();
    loop.stop();
  }));
  SocketPeer peer = SocketPeer::connected_to(port);
  run_until(loop, [&] { return accepted > 0; });
  CHECK_FALSE(SocketPeer::tcp().connect(port));
  CHECK(accepted == 1);
}

TEST_CASE("listener: before start() connections wait in the kernel") {
  Loop loop;
  const auto listener = listen_on_loopback(loop);
  SocketPeer peer = SocketPeer::connected_to(listener->bound_port());
  std::unique_ptr<Stream> accepted;
  REQUIRE(listener->start([&](std::unique_ptr<Stream> stream) {
    accepted = std::move(stream);
    loop.stop();
  }));
  run_until(loop, [&] { return accepted != nullptr; });
  CHECK(accepted->peer_address() == peer.local_address());
}

namespace {

/// Uses up every file descriptor, up to a limit low enough to be quick, until release().
class NoDescriptors {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit low{256, before_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &low);
    for (int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC); fd >= 0; fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) {
      taken_.push_back(fd);
    }
  }
  ~NoDescriptors() { release(); }
  void release() {
    for (const int fd : taken_) ::close(fd);
    taken_.clear();
    setrlimit(RLIMIT_NOFILE, &before_);
  }

 private:
  rlimit before_{};
  std::vector<int> taken_;
};

}  // namespace

TEST_CASE("listener: out of descriptors, it leaves connections waiting without spinning and takes them later") {
  Loop loop;
  Accepting accepting(loop);
  SocketPeer peer = SocketPeer::tcp();
  Timer ticks(loop, [&] { loop.stop(); });
  REQUIRE(open_log({.threshold = LogLevel::error}));
  NoDescriptors exhausted;
  REQUIRE(peer.connect(accepting.port()));  // into the kernel's queue
  ticks.start_every(1);
  for (int turn = 0; turn < 5; ++turn) loop.run();  // would never come back from a libuv listener that spins
  CHECK(accepting.streams().empty());
  exhausted.release();
  REQUIRE(open_log({}));
  CHECK(accepting.next()->peer_address() == peer.local_address());
}

}  // namespace hearth
