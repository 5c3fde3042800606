#include "protocol/host/wire_log.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/pyro_client.h"
#include "tests/support/scripted_name_server.h"

namespace hearth::test {
namespace {

class Lines final : public MessageObserver {
 public:
  void on_message(const Peer& peer, const ObservedMessage& message) override {
    lines.push_back(wire_line(peer, message));
  }
  /// What was noted since the last look.
  std::vector<std::string> take() { return std::exchange(lines, {}); }

  std::vector<std::string> lines;
};

using Told = std::vector<std::string>;

struct Watched {
  explicit Watched(Dialect dialect, SessionSettings settings = {}) : client(dialect) {
    settings.observer = &lines;
    server = std::make_unique<ScriptedNameServer>("PYRO:Pyro.NameServer@localhost:9090", settings);
    connection = server->connect();
  }

  Told told(const Bytes& bytes) {
    static_cast<void>(server->exchange(connection, bytes));
    return lines.take();
  }

  Lines lines;
  PyroClient client;
  std::unique_ptr<ScriptedNameServer> server;
  ConnectionId connection = 0;
};

}  // namespace

TEST_CASE("wire log: a conversation of each dialect") {
  for (const Dialect dialect : {Dialect::pyro4, Dialect::pyro5}) {
    Watched watched(dialect);
    const std::string name = dialect == Dialect::pyro4 ? "pyro4" : "pyro5";
    Told told = watched.told(watched.client.connect());
    REQUIRE(told.size() == 2);
    CHECK(told[0].find("c#1 in " + name + " connect seq 0 serpent ") == 0);
    CHECK(told[1].find("c#1 out " + name + " connect_ok seq 0 serpent ") == 0);
    told = watched.told(watched.client.call("register", {"x", "PYRO:o@h:1"}));
    REQUIRE(told.size() == 2);
    CHECK(told[0].find("c#1 in " + name + " invoke Pyro.NameServer.register seq 1 serpent ") == 0);
    CHECK(told[1] == "c#1 out " + name + " result seq 1 serpent 30 bytes");
    told = watched.told(watched.client.oneway("remove", {"x"}));
    REQUIRE(told.size() == 1);
    CHECK(told[0].substr(told[0].rfind(' ')) == " oneway");
    told = watched.told(watched.client.batch({{"lookup", {"missing"}}}));
    REQUIRE(told.size() == 2);
    CHECK(told[0].find("invoke Pyro.NameServer.<batch> seq 3") != std::string::npos);
  }
}

TEST_CASE("wire log: what is refused is shown too") {
  Watched watched(Dialect::pyro5);
  static_cast<void>(watched.told(watched.client.connect()));
  Message strange = watched.client.message(MessageType::invoke, {}, "not a call");
  Told told = watched.told(watched.client.bytes_of(strange));
  REQUIRE(told.size() == 2);
  CHECK(told[0] == "c#1 in pyro5 invoke seq 1 serpent 10 bytes");
  CHECK(told[1].find("c#1 out pyro5 result seq 1 serpent ") == 0);
  CHECK(told[1].substr(told[1].rfind(' ')) == " exception");
  told = watched.told(watched.client.bytes_of(watched.client.message(static_cast<MessageType>(77), {}, "")));
  REQUIRE(told.size() == 2);
  CHECK(told[0] == "c#1 in pyro5 type 77 seq 2 serpent 0 bytes");

  SessionSettings with_key;
  with_key.hmac_key = "secret";
  Watched guarded(Dialect::pyro4, with_key);
  told = guarded.told(guarded.client.connect());
  REQUIRE(told.size() == 2);
  CHECK(told[0].find("c#1 in pyro4 connect seq 0 ") == 0);
  CHECK(told[1].find("c#1 out pyro4 connect_fail seq 0 ") == 0);
}

TEST_CASE("wire log: serializers that are not ours have their number, and sizes are those of the wire") {
  Watched watched(Dialect::pyro4);
  static_cast<void>(watched.told(watched.client.connect()));
  Message foreign = watched.client.message(MessageType::invoke, {.compressed = true}, "??");
  foreign.serializer_id = 99;
  const Told told = watched.told(watched.client.bytes_of(foreign));
  REQUIRE(told.size() == 2);
  CHECK(told[0] == "c#1 in pyro4 invoke seq 1 serializer 99 2 bytes compressed");
}

}  // namespace hearth::test
