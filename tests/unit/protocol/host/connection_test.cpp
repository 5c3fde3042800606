#include "protocol/host/connection.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/support/served_object.h"
#include "tests/support/shared_places.h"
#include "tests/support/socket_peer.h"

namespace hearth {
namespace {

/// A stream whose peer's appetite the test decides.
class FakeStream final : public Stream {
 public:
  void start(StreamEvents& to) override { events = &to; }
  void pause_reading() override { reading = false; }
  void resume_reading() override { reading = true; }
  void write(Bytes bytes) override {
    CHECK(unsent == 0);
    writes.push_back(bytes.size());
    unsent += takes_everything ? 0 : bytes.size();
  }
  [[nodiscard]] std::size_t unsent_bytes() const override { return unsent; }
  /// Grows at the first looks, as if somebody read slowly.
  [[nodiscard]] std::int64_t taken_by_peer() const override {
    ++looks;
    return static_cast<std::int64_t>(looks < looks_that_grow ? looks : looks_that_grow);
  }
  void finish_writing() override {}
  void close() override { events = nullptr; }
  [[nodiscard]] std::string peer_address() const override { return "nowhere"; }
  [[nodiscard]] std::optional<std::uint32_t> peer_uid() const override { return std::nullopt; }
  [[nodiscard]] std::optional<TlsIdentity> tls_identity() const override { return identity; }

  std::optional<TlsIdentity> identity;
  StreamEvents* events = nullptr;
  bool reading = true;
  bool takes_everything = true;
  std::size_t unsent = 0;
  std::vector<std::size_t> writes;
  std::size_t looks_that_grow = 0;
  mutable std::size_t looks = 0;
};

/// One connection without a host or a socket.
class Bench final : public Connection::Owner, public ReplySink {
 public:
  explicit Bench(const Limits& limits)
      : deadlines_(loop, [this](ConnectionId id) { connections_[id]->on_deadline(); }),
        shared_{settings, objects, *this, places_.replies, deadlines_, *this} {
    settings.limits = limits;
    objects.add(std::string(served_object_id), object);
  }

  FakeStream& connect(bool shakes_hands = true) {
    auto made = std::make_unique<FakeStream>();
    FakeStream& stream = *made;
    connections_.push_back(std::make_unique<Connection>(shared_, connections_.size(), std::move(made)));
    faults.emplace_back();
    connections_.back()->start();
    if (shakes_hands) stream.events->on_bytes(connect_message());
    return stream;
  }

  void on_over(Connection& connection, const std::string& fault) override {
    connection.close();
    faults[connection.id()] = fault;
  }
  void on_handshake(const Connection&) override { ++handshakes; }
  std::uint64_t on_calls(const Connection&, std::uint64_t count) override {
    calls += count;
    return calls > calls_max ? 1 : 0;
  }
  void on_refused(const Connection& connection, const std::string& fault) override {
    refusals.push_back(std::to_string(connection.id()) + " " + fault);
  }
  void on_turn_wanted(ConnectionId id) override { turns_wanted.push_back(id); }
  /// A call or a piece of it, unless it may go on for longer.
  void take_turn(ConnectionId id, Connection::Clock::time_point end = {}) { connections_[id]->take_turn(end); }
  /// All that are wanted.
  void take_turns() {
    while (!turns_wanted.empty()) {
      const ConnectionId id = turns_wanted.front();
      turns_wanted.erase(turns_wanted.begin());
      take_turn(id);
    }
  }
  void reply(ConnectionId id, std::uint64_t call_number, CallResult result) override {
    connections_[id]->answer(call_number, std::move(result));
  }

  SessionSettings settings;
  Loop loop;
  ServedObject object;
  ObjectTable objects;
  std::vector<std::string> faults;  ///< by connection, empty while it lives
  std::vector<ConnectionId> turns_wanted;
  int handshakes = 0;
  std::uint64_t calls = 0;
  std::uint64_t calls_max = UINT64_MAX;  ///< after those each costs a pause of a millisecond
  std::vector<std::string> refusals;

 private:
  Deadlines deadlines_;
  test::SharedPlaces places_{settings.limits};
  const Connection::Shared shared_;
  std::vector<std::unique_ptr<Connection>> connections_;
};

}  // namespace

TEST_CASE("connection: pipelined calls take turns, and nothing more is read meanwhile") {
  Bench bench{Limits{}};
  FakeStream& stream = bench.connect();
  stream.events->on_bytes(call_message("echo", "[1]") + call_message("echo", "[2]") + call_message("echo", "[3]"));
  CHECK(bench.object.calls == 1);
  CHECK(bench.turns_wanted == std::vector<ConnectionId>{0});
  CHECK_FALSE(stream.reading);
  bench.take_turn(0);
  CHECK(bench.object.calls == 2);
  bench.take_turn(0);
  CHECK(bench.object.calls == 3);
  CHECK(bench.turns_wanted.size() == 2);
  CHECK(stream.reading);
}

TEST_CASE("connection: calls that have arrived together are answered in one turn and one write, as far as time goes") {
  constexpr auto long_from_now = Connection::Clock::time_point::max();
  Bench bench{Limits{}};
  FakeStream& stream = bench.connect();
  std::string many;
  for (int i = 0; i < 50; ++i) many += call_message("echo", "[1]");
  stream.events->on_bytes(many);
  stream.writes.clear();
  bench.take_turn(0, long_from_now);
  CHECK(bench.object.calls == 50);
  CHECK(stream.writes.size() == 1);
  CHECK(bench.turns_wanted.size() == 1);  // the one that it has had
  CHECK(stream.reading);
}

TEST_CASE("connection: a turn ends with a call that is answered later, and with the last one of a budget") {
  constexpr auto long_from_now = Connection::Clock::time_point::max();
  Bench bench{Limits{}};
  FakeStream& stream = bench.connect();
  const std::string echo = call_message("echo", "[1]");
  stream.events->on_bytes(echo + echo + call_message("later") + echo + echo);
  bench.take_turn(0, long_from_now);
  CHECK(bench.object.calls == 3);
  bench.object.answer_oldest("late");
  CHECK(bench.object.calls == 4);
  bench.take_turn(0, long_from_now);
  CHECK(bench.object.calls == 5);

  bench.calls_max = 7;
  stream.events->on_bytes(echo + echo + echo + echo + echo);
  bench.take_turn(0, long_from_now);
  CHECK(bench.object.calls == 8);
}

TEST_CASE("connection: a turn ends where the replies fill the queue") {
  Limits limits;
  limits.write_queue_bytes_max = 10;
  Bench bench(limits);
  FakeStream& stream = bench.connect();
  const std::string echo = call_message("echo", "[1]");
  stream.events->on_bytes(echo + echo + echo);
  bench.take_turn(0, Connection::Clock::time_point::max());
  CHECK(bench.object.calls == 2);
}

TEST_CASE("connection: a slow reader lives as long as it takes something between two looks") {
  Limits limits;
  limits.frame_timeout_ms = 2;
  Bench bench(limits);
  FakeStream& stream = bench.connect();
  stream.takes_everything = false;
  stream.looks_that_grow = 4;
  stream.events->on_bytes(call_message("big", "[1000]"));
  CHECK_FALSE(stream.reading);
  run_until(bench.loop, [&] { return !bench.faults[0].empty(); });
  CHECK(bench.faults[0] == "took no byte of its reply for 2 ms");
  CHECK(stream.looks == 5);  // the first at the start of the wait, the last saw no change
}

TEST_CASE("connection: reading goes on when the reply has been taken") {
  Bench bench{Limits()};
  FakeStream& stream = bench.connect();
  stream.takes_everything = false;
  stream.events->on_bytes(call_message("echo", "[1]"));
  CHECK_FALSE(stream.reading);
  stream.unsent = 0;
  stream.events->on_drained();
  CHECK(stream.reading);
}

TEST_CASE("connection: a large reply is written block by block, one a turn or when the last one has been taken") {
  Bench bench{Limits()};
  for (const bool is_quick : {true, false}) {
    FakeStream& stream = bench.connect();
    stream.writes.clear();
    stream.takes_everything = is_quick;
    stream.events->on_bytes(call_message("many", "[5000]"));
    CHECK(stream.writes.empty());
    CHECK(stream.reading);  // so that a peer that goes is noticed
    bench.take_turns();
    if (!is_quick) {
      for (std::size_t blocks = 1; stream.unsent > 0; ++blocks) {
        CHECK(stream.writes.size() == blocks);
        CHECK_FALSE(stream.reading);
        CHECK(bench.turns_wanted.empty());
        stream.unsent = 0;
        stream.events->on_drained();
      }
    }
    CHECK(stream.reading);
    std::size_t sum = 0;
    for (const std::size_t bytes : stream.writes) {
      CHECK(bytes < reply_block_bytes + 2000);
      sum += bytes;
    }
    CHECK(sum > 5000000);
    CHECK(stream.writes.size() >= 5);
  }
}

TEST_CASE(
    "connection: a long call goes on though the peer does not take its earlier replies: others may wait for its "
    "place") {
  Bench bench{Limits()};
  FakeStream& stream = bench.connect();
  stream.takes_everything = false;
  stream.writes.clear();
  stream.events->on_bytes(call_message("many", "[3000]") + call_message("many", "[5000]") +
                          call_message("echo", "[1]"));
  bench.take_turns();
  CHECK(stream.writes.size() == 1);
  CHECK(bench.object.calls == 1);
  stream.unsent = 0;
  stream.events->on_drained();  // begins the second call, writes the second block
  CHECK(stream.unsent > 0);
  CHECK(bench.object.calls == 2);
  CHECK_FALSE(bench.turns_wanted.empty());
  bench.take_turns();
  CHECK(stream.writes.size() == 2);
  CHECK(bench.object.calls == 2);  // the third one waits until the peer takes something
}

TEST_CASE("connection: while a call waits, the first bytes that come stop the reading, its answer starts it again") {
  Bench bench{Limits()};
  FakeStream& stream = bench.connect();
  stream.events->on_bytes(call_message("later"));
  CHECK(stream.reading);
  stream.events->on_bytes(call_message("later") + call_message("echo", "[1]"));
  CHECK_FALSE(stream.reading);
  bench.object.answer_oldest("first");
  CHECK_FALSE(stream.reading);  // the second one waits now
  bench.object.answer_oldest("second");
  CHECK(stream.reading);
  CHECK(bench.object.calls == 3);
}

TEST_CASE("connection: every message has its own time, also when none begins where a read does") {
  Limits limits;
  limits.frame_timeout_ms = 30;
  Bench bench(limits);
  const Bytes answered = ping_message();
  FakeStream& busy = bench.connect();
  FakeStream& stalled = bench.connect();
  busy.events->on_bytes(answered.substr(0, 10));
  stalled.events->on_bytes(answered.substr(0, 10));
  Timer traffic(bench.loop, [&] { busy.events->on_bytes(answered.substr(10) + answered.substr(0, 10)); });
  traffic.start_every(1);  // always due before the connection's deadline, however late the loop is
  run_until(bench.loop, [&] { return !bench.faults[1].empty(); });
  CHECK(bench.faults[1] == "did not finish a message within 30 ms");
  CHECK(bench.faults[0].empty());
}

TEST_CASE("connection: its owner hears of its handshake once, and of each call, those of a batch too") {
  Bench bench{Limits{}};
  FakeStream& stream = bench.connect();
  CHECK(bench.handshakes == 1);
  CHECK(bench.calls == 0);
  stream.events->on_bytes(call_message("echo", "[1]"));
  CHECK(bench.calls == 1);
  stream.events->on_bytes(call_message("echo", "[2]") + call_message("echo", "[3]"));
  bench.take_turns();
  CHECK(bench.calls == 3);
  CHECK(bench.handshakes == 1);
}

TEST_CASE("connection: who has made too many calls is neither read from nor served until the pause is over") {
  Bench bench{Limits{}};
  FakeStream& stream = bench.connect();
  bench.calls_max = 1;
  stream.events->on_bytes(call_message("echo", "[1]") + call_message("echo", "[2]") + call_message("echo", "[3]"));
  bench.take_turns();
  CHECK(bench.object.calls == 2);
  CHECK_FALSE(stream.reading);
  stream.events->on_drained();
  CHECK(bench.object.calls == 2);
  run_until(bench.loop, [&] {
    bench.take_turns();
    return stream.reading;
  });
  CHECK(bench.object.calls == 3);
  CHECK(bench.faults[0].empty());
}

TEST_CASE("connection: with a limit to silence, one that asks nothing for so long is closed, without a fault") {
  Limits limits;
  limits.idle_timeout_ms = 50;
  Bench bench{limits};
  FakeStream& stream = bench.connect();
  stream.events->on_bytes(call_message("echo", "[1]"));
  run_until(bench.loop, [&] { return stream.events == nullptr; });
  CHECK(bench.faults[0].empty());
}

TEST_CASE(
    "connection: whom the stream has refused is not heard any more, and closed on when he has had time to read why") {
  Limits limits;
  limits.closing_timeout_ms = 2;
  Bench bench(limits);
  FakeStream& stream = bench.connect();
  stream.events->on_end(Error{ErrorKind::malformed, "its certificate has expired"});
  CHECK(bench.refusals == std::vector<std::string>{"0 its certificate has expired"});
  stream.events->on_bytes(call_message("echo", "[1]"));
  CHECK(bench.object.calls == 0);
  run_until(bench.loop, [&] { return stream.events == nullptr; });

  FakeStream& leaves = bench.connect();
  leaves.events->on_end(Error{ErrorKind::unsupported, "it does not speak TLS"});
  leaves.events->on_end(std::nullopt);
  CHECK(leaves.events == nullptr);
  FakeStream& broken = bench.connect();
  broken.events->on_end(Error{ErrorKind::disconnected, "reset"});
  CHECK(broken.events == nullptr);
  CHECK(bench.refusals.size() == 2);
}

TEST_CASE("connection: TLS at a port without it is told the operator") {
  Bench bench{Limits()};
  FakeStream& stream = bench.connect(false);
  stream.events->on_bytes("\x16\x03\x01");
  CHECK(bench.refusals == std::vector<std::string>{"0 it speaks TLS, which this port does not"});
  bench.connect();
  CHECK(bench.refusals.size() == 1);
}

}  // namespace hearth
