#include "nameserver/upkeep/pyro_prober.h"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/rpc/dialect_map.h"
#include "protocol/serial/serializer.h"
#include "protocol/wire/message.h"
#include "tests/support/scripted_server.h"
#include "tests/support/served_object.h"
#include "tests/support/temp_dir.h"

namespace hearth {
namespace {

constexpr std::uint32_t long_ms = 60000;

struct Probing {
  explicit Probing(std::uint32_t timeout_ms = long_ms) { limits.autoclean_probe_timeout_ms = timeout_ms; }

  ProbeResult ask(const std::string& uri, bool has_several = false, Dialect dialect = Dialect::pyro5) {
    auto target = target_of(uri);
    REQUIRE(target.has_value());
    std::optional<ProbeResult> result;
    PyroProber prober(loop, limits);
    prober.probe({target->location, has_several ? "" : target->object, dialect}, [&](ProbeResult told) {
      CHECK_FALSE(result);
      result = std::move(told);
    });
    CHECK_FALSE(result);
    run_until(loop, [&] { return result.has_value(); });
    return std::move(*result);
  }
  ProbeResult ask(std::uint16_t port) { return ask(uri(port)); }

  static std::string uri(std::uint16_t port, const std::string& object = "o") {
    return "PYRO:" + object + "@127.0.0.1:" + std::to_string(port);
  }

  Limits limits;
  Loop loop;
};

/// A whole message of a Pyro server, as it may answer anything.
Bytes refusal(Dialect dialect, const std::string& reason, const std::string& hmac_key = {}) {
  Message message;
  message.dialect = dialect;
  message.type = MessageType::connect_fail;
  message.serializer_id = wire_id(dialect, SerializerName::serpent);
  REQUIRE(serializer(SerializerName::serpent).dump(Value(reason), message.payload).has_value());
  Bytes bytes;
  append_message(bytes, std::move(message), hmac_key);
  return bytes;
}

/// A server that reads a little and answers each connection with the next of these; "": hangs up without a word.
struct Answering {
  explicit Answering(std::vector<std::string> answers)
      : server([answers = std::move(answers)](SocketPeer& peer, int number) {
          static_cast<void>(peer.receive_some());
          if (static_cast<std::size_t>(number) >= answers.size()) return;
          if (peer.send(answers[static_cast<std::size_t>(number)])) peer.finish_writing();
        }) {}

  [[nodiscard]] std::uint16_t port() const { return server.port(); }
  ScriptedServer server;
};

bool is_alive(const ProbeResult& result) { return result.reach == Reach::answers && !result.objects; }

}  // namespace

TEST_CASE("pyro prober: a server is asked for its object, or for all of them") {
  ObjectServer server;
  Limits limits;
  PyroProber prober(server.loop, limits);
  const auto ask = [&](const std::string& object, Dialect dialect) {
    std::optional<ProbeResult> result;
    const auto target = target_of(Probing::uri(server.port));
    prober.probe({target->location, object, dialect}, [&](ProbeResult told) { result = std::move(told); });
    run_until(server.loop, [&] { return result.has_value(); });
    CHECK(result->reach == Reach::answers);
    CHECK(result->dialect == dialect);
    CHECK(result->place == "127.0.0.1:" + std::to_string(server.port));
    return std::move(*result);
  };
  for (const Dialect dialect : {Dialect::pyro4, Dialect::pyro5}) {
    CHECK_FALSE(ask(std::string(served_object_id), dialect).objects);
    CHECK(ask("another", dialect).objects == ObjectIds{});
    CHECK(ask("", dialect).objects == ObjectIds{"Pyro.Daemon", std::string(served_object_id)});
  }
  server.wait_for_connections(0);
}

TEST_CASE("pyro prober: nobody there") {
  TempDir dir;
  Probing test;
  std::uint16_t port = 0;
  {
    const RawListener closed;
    port = closed.port();
  }
  const auto refused = test.ask(port);
  CHECK(refused.reach == Reach::gone);
  CHECK(refused.reason == "127.0.0.1:" + std::to_string(port) + ": connection refused");
  CHECK(test.ask("PYRO:o@./u:" + dir / "none").reach == Reach::gone);
  { const RawListener stale(dir / "stale"); }
  CHECK(test.ask("PYRO:o@./u:" + dir / "stale").reach == Reach::gone);
}

TEST_CASE("pyro prober: other programs") {
  Probing test;
  for (const char* words : {"HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH\r\n", "P", "-ERR\r\n"}) {
    CAPTURE(words);
    const Answering stranger({words, words, words});
    const auto result = test.ask(stranger.port());
    const bool is_clear = std::string(words) != "P";  // hangs up in the middle of a word
    CHECK(result.reach == (is_clear ? Reach::gone : Reach::answers));
    CHECK(result.reason == (is_clear ? "another program answers there" : ""));
  }
}

TEST_CASE("pyro prober: a server of the other dialect is asked again in its own") {
  Probing test;
  const Answering in_its_own({refusal(Dialect::pyro4, "what?"), refusal(Dialect::pyro4, "unknown object")});
  const auto result = test.ask(in_its_own.port());
  CHECK(result.reach == Reach::answers);
  CHECK(result.dialect == Dialect::pyro4);
  CHECK(result.objects == ObjectIds{});
  const Answering by_hanging_up({"", refusal(Dialect::pyro4, "unknown object")});
  CHECK(test.ask(by_hanging_up.port()).objects == ObjectIds{});
  const Answering confused({refusal(Dialect::pyro4, ""), refusal(Dialect::pyro5, ""), ""});
  CHECK(is_alive(test.ask(confused.port())));
  CHECK(confused.server.connections() == 2);
}

TEST_CASE("pyro prober: who refuses us is alive") {
  Probing test;
  for (const std::string& answer :
       {refusal(Dialect::pyro5, "message used serializer that is not accepted: 1"), refusal(Dialect::pyro5, ""),
        refusal(Dialect::pyro5, "no free workers, increase server threadpool size"),
        Bytes("PYRO and then nonsense of a length that makes a header")}) {
    const Answering refusing({answer});
    CHECK(is_alive(test.ask(refusing.port())));
  }
  const Answering with_key({refusal(Dialect::pyro4, "hmac key config not symmetric", "secret"),
                            refusal(Dialect::pyro4, "hmac key config not symmetric", "secret")});
  CHECK(is_alive(test.ask(with_key.port())));
  const Answering daemon({refusal(Dialect::pyro5, "unknown object")});
  CHECK(is_alive(test.ask(Probing::uri(daemon.port()), true)));  // several: it cannot mean them
}

TEST_CASE("pyro prober: who speaks TLS is alive, whether it complains or hangs up") {
  Probing test;
  const Answering complains({"\x15\x03\x01\x00\x02\x02\x46"});
  CHECK(is_alive(test.ask(complains.port())));
  CHECK(complains.server.connections() == 1);
  const Answering hangs_up({"", "", "\x16\x03\x03\x00\x31"});
  CHECK(is_alive(test.ask(hangs_up.port())));
  CHECK(hangs_up.server.connections() == 3);
}

TEST_CASE("pyro prober: who hangs up on everything may know us, unless something else answers the last word") {
  Probing test;
  const Answering hangs_up({"", "", ""});
  CHECK(is_alive(test.ask(hangs_up.port())));
  CHECK(hangs_up.server.connections() == 3);
  const Answering stranger({"", "", "HTTP/1.0 400\r\n"});
  CHECK(test.ask(stranger.port()).reach == Reach::gone);
  ScriptedServer resets([](SocketPeer& peer, int) { peer.reset(); });
  CHECK(is_alive(test.ask(resets.port())));
}

TEST_CASE("pyro prober: something that says nothing, over TCP and Unix sockets") {
  TempDir dir;
  Probing test(50);
  const RawListener silent;
  const auto result = test.ask(silent.port());
  CHECK(result.reach == Reach::silent);
  CHECK(result.place == "127.0.0.1:" + std::to_string(silent.port()));
  const RawListener local(dir / "socket");
  const std::string place = "./u:" + dir / "socket";
  const auto at_path = test.ask("PYRO:o@" + place);
  CHECK(at_path.reach == Reach::silent);
  CHECK(at_path.place == place);
}

TEST_CASE("pyro prober: a full queue is no answer") {
  Probing test(50);
  const RawListener full(0);
  const SocketPeer first = SocketPeer::connected_to(full.port());
  CHECK(test.ask(full.port()).reach == Reach::no_answer);
}

TEST_CASE("pyro prober: a server that stops in the middle of its answer is alive") {
  Probing test(50);
  RawListener listener;
  std::optional<SocketPeer> peer;
  std::thread server([&] {
    peer.emplace(std::move(*listener.accept()));
    peer->send(refusal(Dialect::pyro5, "unknown object").substr(0, 20));
  });
  CHECK(is_alive(test.ask(listener.port())));
  server.join();
}

TEST_CASE("pyro prober: an answer over the limit is not read, and counts as an answer") {
  Probing test;
  test.limits.autoclean_reply_bytes_max = 100;
  const Answering huge({refusal(Dialect::pyro5, "unknown object" + std::string(200, 'x'))});
  CHECK(is_alive(test.ask(huge.port())));
}

TEST_CASE("pyro prober: what is cancelled tells nothing, whatever it was doing") {
  Probing test;
  const RawListener silent;
  const RawListener full(0);
  const SocketPeer first = SocketPeer::connected_to(full.port());
  PyroProber prober(test.loop, test.limits);
  for (int turns = 0; turns < 4; ++turns) {
    for (const std::uint16_t port : {silent.port(), full.port()}) {
      prober.probe({target_of(Probing::uri(port))->location, "o", Dialect::pyro5}, [](ProbeResult) { CHECK(false); });
    }
    for (int turn = 0; turn < turns; ++turn) run_some_turns(test.loop);
    prober.cancel_all();
    run_some_turns(test.loop);
  }
}

}  // namespace hearth
