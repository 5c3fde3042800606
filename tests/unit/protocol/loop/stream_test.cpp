#include "protocol/loop/stream.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <string>

#include "tests/support/accepting.h"
#include "tests/support/recording_events.h"
#include "tests/support/socket_peer.h"
#include "tests/support/temp_dir.h"

namespace hearth {

namespace {

constexpr std::size_t more_than_kernels_hold = 32U << 20U;

/// A server's stream and the plain peer at its other end.
struct Pair {
  Loop loop;
  Accepting accepting{loop};
  SocketPeer peer = SocketPeer::connected_to(accepting.port());
  std::unique_ptr<Stream> stream = accepting.next();
  RecordingEvents events{loop};

  Pair() { stream->start(events); }
};

}  // namespace

TEST_CASE("stream: bytes go both ways over TCP, and the peer's address is known") {
  Pair pair;
  CHECK(pair.stream->peer_address() == pair.peer.local_address());
  CHECK(pair.stream->peer_uid() == std::nullopt);
  pair.peer.send("question");
  run_until(pair.loop, [&] { return pair.events.received == "question"; });
  pair.stream->write("answer");
  CHECK(pair.stream->unsent_bytes() == 0);
  CHECK(pair.peer.receive(6) == "answer");
  run_some_turns(pair.loop);
  CHECK(pair.events.drains == 0);  // nothing was ever queued
}

TEST_CASE("stream: bytes go both ways over a Unix socket, and the peer's user is known") {
  TempDir dir;
  Loop loop;
  const std::string path = dir / "socket";
  Accepting accepting(loop, path);
  SocketPeer peer = SocketPeer::connected_to(path);
  const auto stream = accepting.next();
  RecordingEvents events(loop);
  stream->start(events);
  CHECK(stream->peer_address() == "unix socket");
  CHECK(stream->peer_uid() == static_cast<std::uint32_t>(geteuid()));
  peer.send("question");
  run_until(loop, [&] { return events.received == "question"; });
  stream->write("answer");
  CHECK(peer.receive(6) == "answer");
}

TEST_CASE("stream: a slow reader gets everything in order, and the end of the queue is reported once") {
  Pair pair;
  const std::string big = pattern_bytes(more_than_kernels_hold);
  pair.stream->write(big);
  pair.stream->write("tail");
  CHECK(pair.stream->unsent_bytes() > 4);
  CHECK(pair.stream->unsent_bytes() < big.size() + 4);  // some went at once
  const std::int64_t taken_before = pair.stream->taken_by_peer();
  run_some_turns(pair.loop);
  CHECK(pair.events.drains == 0);

  std::string received;
  run_beside(pair.loop, [&] { received = pair.peer.receive(big.size() + 4); });
  CHECK((received == big + "tail"));
  run_until(pair.loop, [&] { return pair.events.drains > 0; });
  run_some_turns(pair.loop);
  CHECK(pair.events.drains == 1);
  CHECK(pair.stream->unsent_bytes() == 0);
  CHECK(pair.stream->taken_by_peer() > taken_before);
}

TEST_CASE("stream: the peer's end is reported once, and it still gets what is written") {
  Pair pair;
  pair.peer.send("last words");
  pair.peer.finish_writing();
  run_until(pair.loop, [&] { return pair.events.ends > 0; });
  CHECK(pair.events.received == "last words");
  pair.stream->pause_reading();
  pair.stream->resume_reading();
  run_some_turns(pair.loop);
  CHECK(pair.events.ends == 1);
  CHECK(pair.events.failures == 0);
  pair.stream->write("answer");
  CHECK(pair.peer.receive(6) == "answer");
}

TEST_CASE("stream: finish_writing() ends the peer's input after everything that was written") {
  Pair pair;
  const std::string big = pattern_bytes(more_than_kernels_hold);
  pair.stream->write(big);
  pair.stream->finish_writing();
  std::string received;
  bool answered = false;
  run_beside(pair.loop, [&] {
    received = pair.peer.receive_until_end();
    answered = pair.peer.send("still here");
  });
  CHECK((received == big));
  CHECK(answered);
  run_until(pair.loop, [&] { return pair.events.received == "still here"; });
}

TEST_CASE("stream: a reset is reported as an error, once") {
  Pair pair;
  pair.peer.reset();
  run_until(pair.loop, [&] { return pair.events.failures > 0; });
  REQUIRE(pair.events.failure);
  CHECK(pair.events.failure->kind == ErrorKind::disconnected);
  CHECK(pair.events.failure->text == "connection reset by peer");
  pair.stream->write("nobody hears this");
  pair.stream->resume_reading();
  pair.stream->finish_writing();
  run_some_turns(pair.loop);
  CHECK(pair.events.failures == 1);
  CHECK(pair.events.ends == 0);
  CHECK(pair.events.drains == 0);
}

TEST_CASE("stream: a write that fails is reported later, never from inside write()") {
  Pair pair;
  pair.stream->pause_reading();
  pair.peer.reset();
  pair.stream->write("x");
  pair.stream->write("y");
  CHECK(pair.events.failures == 0);
  run_until(pair.loop, [&] { return pair.events.failures > 0; });
  run_some_turns(pair.loop);
  CHECK(pair.events.failures == 1);
  CHECK(pair.events.drains == 0);
}

TEST_CASE("stream: while paused nothing is read, afterwards nothing is missing") {
  Pair pair;
  pair.stream->pause_reading();
  pair.peer.send("waits in the kernel");
  run_some_turns(pair.loop);
  CHECK(pair.events.received.empty());
  pair.stream->resume_reading();
  run_until(pair.loop, [&] { return pair.events.received == "waits in the kernel"; });
}

TEST_CASE("stream: close() drops what is unsent and calls nobody back") {
  Pair pair;
  pair.stream->write(pattern_bytes(more_than_kernels_hold));
  pair.peer.send("unheard");
  pair.stream->close();
  CHECK(pair.stream->unsent_bytes() == 0);
  run_some_turns(pair.loop);
  CHECK(pair.events.received.empty());
  CHECK(pair.events.drains + pair.events.ends + pair.events.failures == 0);
}

namespace {

/// Closes and retires itself inside its own callback, as a server's connections do.
class OneShot final : public Retirable, public StreamEvents {
 public:
  OneShot(Loop& loop, std::unique_ptr<Stream> stream, bool& gone)
      : loop_(loop), stream_(std::move(stream)), gone_(gone) {
    stream_->start(*this);
  }
  ~OneShot() override {
    gone_ = true;
    loop_.stop();
  }
  void on_bytes(BytesView bytes) override {
    stream_->write(Bytes(bytes));
    stream_->close();
    loop_.retire(std::unique_ptr<Retirable>(this));
    received_.assign(bytes);  // still alive
  }
  void on_end(const std::optional<Error>&) override {}
  void on_drained() override {}

 private:
  Loop& loop_;
  std::unique_ptr<Stream> stream_;
  bool& gone_;
  std::string received_;
};

}  // namespace

TEST_CASE("stream: its owner may close it and retire inside a callback; what was written still arrives") {
  Loop loop;
  Accepting accepting(loop);
  SocketPeer peer = SocketPeer::connected_to(accepting.port());
  bool gone = false;
  static_cast<void>(std::make_unique<OneShot>(loop, accepting.next(), gone).release());  // owns itself until it retires
  peer.send("ping");
  run_until(loop, [&] { return gone; });
  CHECK(peer.receive_until_end() == "ping");
}

}  // namespace hearth
