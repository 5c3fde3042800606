#include "protocol/loop/connector.h"

#include <doctest/doctest.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "protocol/loop/socket_address.h"
#include "tests/support/accepting.h"
#include "tests/support/recording_events.h"
#include "tests/support/scripted_server.h"
#include "tests/support/temp_dir.h"

namespace hearth {
namespace {

constexpr std::uint64_t long_ms = 60000;

/// Notes what it is told, and ends the attempt then, as its users do.
struct Attempt {
  explicit Attempt(Loop& used) : loop(used) {}

  ConnectionResult told() {
    return [this](Result<std::unique_ptr<Stream>> outcome) {
      CHECK_FALSE(result);
      result.emplace(std::move(outcome));
      pending.reset();
      loop.stop();
    };
  }
  void to_tcp(const std::string& host, std::uint16_t port, std::uint64_t timeout_ms = long_ms) {
    pending = connect_tcp(loop, host, port, AddressOrder::ipv4_first, timeout_ms, told());
  }
  void to_unix(const std::string& path, std::uint64_t timeout_ms = long_ms) {
    pending = connect_unix(loop, path, timeout_ms, told());
  }
  Result<std::unique_ptr<Stream>> wait() {
    CHECK_FALSE(result);  // never told from inside the call
    run_until(loop, [this] { return result.has_value(); });
    return std::move(*result);
  }

  Loop& loop;
  std::unique_ptr<PendingConnection> pending;
  std::optional<Result<std::unique_ptr<Stream>>> result;
};

std::uint16_t closed_port() {
  const RawListener listener;
  return listener.port();
}

void check_conversation(Loop& loop, Stream& ours, Stream& theirs) {
  RecordingEvents our_events(loop);
  RecordingEvents their_events(loop);
  ours.start(our_events);
  theirs.start(their_events);
  ours.write("question");
  run_until(loop, [&] { return their_events.received == "question"; });
  theirs.write("answer");
  run_until(loop, [&] { return our_events.received == "answer"; });
}

}  // namespace

TEST_CASE("connector: a TCP connection carries bytes both ways and knows its peer") {
  Loop loop;
  Accepting server(loop);
  for (const char* host : {"127.0.0.1", "localhost", "::ffff:127.0.0.1"}) {
    CAPTURE(host);
    Attempt attempt(loop);
    attempt.to_tcp(host, server.port());
    const auto stream = attempt.wait();
    REQUIRE(stream.has_value());
    CHECK((*stream)->peer_address() == "127.0.0.1:" + std::to_string(server.port()));
    const auto accepted = server.next();
    check_conversation(loop, **stream, *accepted);
  }
}

TEST_CASE("connector: a Unix connection carries bytes both ways") {
  TempDir dir;
  Loop loop;
  Accepting server(loop, dir / "socket");
  Attempt attempt(loop);
  attempt.to_unix(dir / "socket");
  const auto stream = attempt.wait();
  REQUIRE(stream.has_value());
  CHECK((*stream)->peer_uid().has_value());
  const auto accepted = server.next();
  check_conversation(loop, **stream, *accepted);
}

TEST_CASE("connector: nobody there is told as such") {
  TempDir dir;
  Loop loop;
  const auto error_of = [&](const std::function<void(Attempt&)>& begin) {
    Attempt attempt(loop);
    begin(attempt);
    const auto result = attempt.wait();
    REQUIRE_FALSE(result.has_value());
    CAPTURE(result.error().text);
    CHECK(result.error().kind == ErrorKind::disconnected);
    return result.error().text;
  };
  const std::uint16_t port = closed_port();
  const std::string place = "127.0.0.1:" + std::to_string(port);
  CHECK(error_of([&](Attempt& attempt) { attempt.to_tcp("127.0.0.1", port); }) == place + ": connection refused");
  CHECK(error_of([&](Attempt& attempt) { attempt.to_tcp("localhost", port); }) == place + ": connection refused");
  const std::string no_name(300, 'x');
  CHECK(error_of([&](Attempt& attempt) { attempt.to_tcp(no_name, port); }) ==
        "the host name '" + no_name + "' does not resolve");
  CHECK(error_of([&](Attempt& attempt) { attempt.to_unix(dir / "socket"); }) ==
        dir / "socket" + ": no such file or directory");
  { const RawListener gone(dir / "stale"); }
  CHECK(error_of([&](Attempt& attempt) { attempt.to_unix(dir / "stale"); }) == dir / "stale" + ": connection refused");
  CHECK(error_of([&](Attempt& attempt) { attempt.to_unix(std::string(108, 'x')); }).find("name too long") !=
        std::string::npos);
}

TEST_CASE("connector: a connection that is reset at once has been made") {
  Loop loop;
  const ScriptedServer resetting([](SocketPeer& peer, int) { peer.reset(); });
  for (int i = 0; i < 20; ++i) {
    Attempt attempt(loop);
    attempt.to_tcp("127.0.0.1", resetting.port());
    const auto stream = attempt.wait();
    REQUIRE(stream.has_value());
    RecordingEvents events(loop);
    (*stream)->start(events);
    run_until(loop, [&] { return events.ends + events.failures > 0; });
  }
}

TEST_CASE("connector: a server whose queue is full is a timeout, and connects when there is room") {
  TempDir dir;
  Loop loop;
  RawListener busy(dir / "socket", 0);
  const SocketPeer first = SocketPeer::connected_to(dir / "socket");
  Attempt in_vain(loop);
  in_vain.to_unix(dir / "socket", 50);
  const auto result = in_vain.wait();
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().kind == ErrorKind::timeout);

  Attempt patient(loop);
  patient.to_unix(dir / "socket");
  run_some_turns(loop);
  CHECK_FALSE(patient.result);
  const auto accepted = busy.accept();
  CHECK(patient.wait().has_value());
}

TEST_CASE("connector: TCP without an answer times out") {
  Loop loop;
  const RawListener busy(0);
  const SocketPeer first = SocketPeer::connected_to(busy.port());
  Attempt attempt(loop);
  attempt.to_tcp("127.0.0.1", busy.port(), 50);
  const auto result = attempt.wait();
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().kind == ErrorKind::timeout);
}

TEST_CASE("connector: who gives up is told nothing, at whatever step") {
  TempDir dir;
  Loop loop;
  const RawListener full_tcp(0);
  const RawListener full_unix(dir / "socket", 0);
  const SocketPeer first = SocketPeer::connected_to(full_tcp.port());
  const SocketPeer second = SocketPeer::connected_to(dir / "socket");
  for (const int turns : {0, 1, 2}) {
    CAPTURE(turns);
    Attempt resolving(loop);
    Attempt connecting(loop);
    Attempt queueing(loop);
    resolving.to_tcp("localhost", full_tcp.port());
    connecting.to_tcp("127.0.0.1", full_tcp.port());
    queueing.to_unix(dir / "socket");
    for (int turn = 0; turn < turns; ++turn) run_some_turns(loop);
    for (Attempt* attempt : {&resolving, &connecting, &queueing}) {
      attempt->pending.reset();
      CHECK_FALSE(attempt->result);
    }
    run_some_turns(loop);
  }
}

TEST_CASE("connector: a loop can end while a host name is being looked up") {
  Loop loop;
  Attempt attempt(loop);
  attempt.to_tcp("localhost", 1);
  int turns = 0;
  run_until(loop, [&] { return ++turns > 1; });
  attempt.pending.reset();
}

TEST_CASE("resolver: addresses come in the order that is asked for, and otherwise as they came") {
  SocketAddresses addresses;
  for (const char* host : {"::1", "127.0.0.2", "::2", "127.0.0.1"})
    addresses.push_back(numeric_addresses(host, 9090).at(0));
  const auto hosts = [&addresses](AddressOrder order) {
    std::string text;
    for (const sockaddr_storage& address : ordered(addresses, order)) text += numeric_host(address) + " ";
    return text;
  };
  CHECK(hosts(AddressOrder::any) == "::1 127.0.0.2 ::2 127.0.0.1 ");
  CHECK(hosts(AddressOrder::ipv4_first) == "127.0.0.2 127.0.0.1 ::1 ::2 ");
  CHECK(hosts(AddressOrder::ipv6_first) == "::1 ::2 127.0.0.2 127.0.0.1 ");
}

}  // namespace hearth
