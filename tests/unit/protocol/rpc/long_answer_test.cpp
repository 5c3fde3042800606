// Answers that take several turns, through the session: the name server's lists and removals, in pieces of a few names.
#include "protocol/rpc/long_answer.h"

#include <doctest/doctest.h>

#include <map>

#include "protocol/wire/hmac.h"
#include "tests/support/pyro_client.h"
#include "tests/support/scripted_name_server.h"
#include "tests/support/wire_vectors.h"

namespace hearth::test {
namespace {

constexpr SerializerName serializers[] = {SerializerName::serpent, SerializerName::json, SerializerName::marshal,
                                          SerializerName::msgpack};

SessionSettings in_small_turns() {
  SessionSettings settings;
  settings.limits.turn_items_max = 10;
  return settings;
}

/// A reply is large as soon as it is begun.
SessionSettings with_places(std::uint32_t places) {
  SessionSettings settings = in_small_turns();
  settings.limits.large_reply_bytes_min = 1;
  settings.limits.large_replies_max = places;
  return settings;
}

/// A client that has shaken hands.
struct Client {
  Client(ScriptedNameServer& name_server, Dialect dialect = Dialect::pyro5,
         SerializerName serializer = SerializerName::serpent, const std::string& key = "")
      : server(name_server), requests(dialect, serializer), id(server.connect()) {
    requests.hmac_key = key;
    REQUIRE(messages_of(server.exchange(id, requests.connect())).size() == 1);
  }

  ServerSession& session() { return server.session(id); }
  void say(const Bytes& request) { session().receive(request); }
  /// One turn, if it wants one.
  bool turn() {
    if (!session().has_more_to_do()) return false;
    session().resume();
    return true;
  }
  int turns() {
    int count = 0;
    while (turn()) ++count;
    return count;
  }
  Message answer() {
    const auto messages = messages_of(whole_output(session()));
    REQUIRE(messages.size() == 1);
    return messages.front();
  }
  Value value() {
    const Message message = answer();
    CHECK_FALSE(message.flags.exception);
    return payload_of(message);
  }
  std::string error() {
    const Message message = answer();
    CHECK(message.flags.exception);
    return exception_from_value(payload_of(message))->text();
  }

  ScriptedNameServer& server;
  PyroClient requests;
  ConnectionId id;
};

std::map<std::string, Value> as_map(const Value& listing) {
  std::map<std::string, Value> map;
  REQUIRE(listing.as<Dict>() != nullptr);
  for (const DictItem& item : listing.as<Dict>()->items) CHECK(map.emplace(*item.key.as_str(), item.value).second);
  return map;
}

constexpr const char* own_uri = "PYRO:Pyro.NameServer@localhost:9090";

}  // namespace

TEST_CASE("a list that fits into a turn is answered at once") {
  ScriptedNameServer server(own_uri);
  server.fill(20);
  Client client(server);
  client.say(client.requests.call("list"));
  CHECK_FALSE(client.session().has_more_to_do());
  CHECK(as_map(client.value()).size() == 21);
}

TEST_CASE("a longer list takes turns and is the same, in every format") {
  for (const SerializerName serializer : serializers) {
    CAPTURE(to_string(serializer));
    ScriptedNameServer at_once(own_uri);
    ScriptedNameServer in_turns(own_uri, in_small_turns());
    Bytes payloads[2];
    for (ScriptedNameServer* server : {&at_once, &in_turns}) {
      server->fill(105);
      Client client(*server, Dialect::pyro5, serializer);
      client.say(client.requests.call("list", {Value(), Value(), true}));
      const int turns = client.turns();
      CHECK(turns == (server == &at_once ? 0 : 10));
      payloads[server == &at_once ? 0 : 1] = client.answer().payload;
    }
    CHECK(payloads[0] == payloads[1]);
    CHECK(payloads[0].size() > 1000);
  }
}

TEST_CASE("a list is of one moment, whatever is written meanwhile") {
  ScriptedNameServer server(own_uri, in_small_turns());
  server.fill(100);
  Client reader(server);
  Client writer(server);
  const auto before = [&] {
    reader.say(reader.requests.call("list"));
    reader.turns();
    return as_map(reader.value());
  }();
  reader.say(reader.requests.call("list"));
  for (int step = 0; reader.turn(); ++step) {
    const std::string name = "n." + std::to_string(step * 7);
    server.exchange(writer.id, writer.requests.call("register", {"n.new" + std::to_string(step), "PYRO:new@h:1"}));
    server.exchange(writer.id, writer.requests.call("register", {name, "PYRO:changed@h:1"}));
    server.exchange(writer.id, writer.requests.call("remove", {"n." + std::to_string(step * 7 + 3)}));
  }
  CHECK(as_map(reader.value()) == before);
  reader.say(reader.requests.call("list"));
  reader.turns();
  CHECK(as_map(reader.value()) != before);
}

TEST_CASE("what is pipelined behind a long answer waits for it") {
  ScriptedNameServer server(own_uri, in_small_turns());
  server.fill(50);
  Client client(server);
  client.say(client.requests.call("list") + client.requests.oneway("remove", {"n.1"}) + client.requests.call("count"));
  client.turn();
  CHECK(client.session().is_waiting());
  CHECK(server.submitted() == 0);
  const auto replies = messages_of(server.exchange(client.id, {}));
  REQUIRE(replies.size() == 2);
  CHECK(as_map(payload_of(replies[0])).contains("n.1"));
  CHECK(payload_of(replies[1]) == Value(50));
}

TEST_CASE("a search that fails in the middle answers with the error, and the connection stays") {
  SessionSettings settings = in_small_turns();
  settings.limits.pattern_list_steps_max = 30;
  ScriptedNameServer server(own_uri, settings);
  server.fill(100);
  Client client(server);
  client.say(client.requests.call("list", {Value(), "n.*5"}));
  CHECK(client.turns() > 0);
  CHECK(client.error().starts_with("regex refused: "));
  client.say(client.requests.call("count"));
  CHECK(client.value() == Value(101));
}

TEST_CASE("a list that grows over the limit ends with an error that suggests a prefix, and is thrown away") {
  SessionSettings settings = in_small_turns();
  settings.limits.reply_bytes_max = 2000;
  ScriptedNameServer server(own_uri, settings);
  server.fill(1000);
  Client client(server);
  client.say(client.requests.call("list"));
  CHECK(client.turns() < 20);
  CHECK(client.error() ==
        "Error serializing the answer: it is larger than this server sends; ask for less, by a prefix");
  CHECK(server.places().times_rubbish == 1);
  client.say(client.requests.call("list", {"n.99"}));
  client.turns();
  CHECK(as_map(client.value()).size() == 11);
}

TEST_CASE("so many large replies are built at once, the others begin when a place is free, in the order of asking") {
  ScriptedNameServer server(own_uri, with_places(2));
  server.fill(100);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(std::make_unique<Client>(server));
    clients.back()->say(clients.back()->requests.call("list"));
  }
  Client writer(server);
  for (int i = 0; i < 4; ++i) CHECK(clients[static_cast<std::size_t>(i)]->session().has_more_to_do() == (i < 2));
  CHECK(clients[2]->session().is_waiting());
  CHECK(server.places().times_rubbish == 1);  // what they had begun; nobody frees it here
  CHECK_FALSE(clients[2]->turn());
  // Small answers need no place.
  server.exchange(writer.id, writer.requests.call("register", {"n.new", "PYRO:o@h:1"}));

  clients[0]->turns();
  CHECK(as_map(clients[0]->value()).size() == 101);
  CHECK(server.places().admitted == std::vector<ConnectionId>{clients[2]->id});
  clients[2]->session().resume();
  clients[2]->turns();
  CHECK(as_map(clients[2]->value()).size() == 102);  // began after the write
  CHECK(server.places().admitted.back() == clients[3]->id);
  clients[3]->session().resume();
  clients[1]->turns();
  clients[3]->turns();
  CHECK(as_map(clients[1]->value()).size() == 101);
  CHECK(as_map(clients[3]->value()).size() == 102);
}

TEST_CASE("a client that goes away gives its place back, in the line too") {
  ScriptedNameServer server(own_uri, with_places(1));
  server.fill(100);
  Client first(server);
  Client gone_in_line(server);
  Client last(server);
  for (Client* client : {&first, &gone_in_line, &last}) client->say(client->requests.call("list"));
  server.disconnect(gone_in_line.id);
  CHECK(server.places().admitted.empty());
  server.disconnect(first.id);
  CHECK(server.places().admitted == std::vector<ConnectionId>{last.id});
  last.session().resume();
  last.turns();
  CHECK(as_map(last.value()).size() == 101);
}

TEST_CASE("a stop lets what is being built be finished, and tells those in the line") {
  ScriptedNameServer server(own_uri, with_places(1));
  server.fill(100);
  Client building(server);
  Client waiting(server);
  for (Client* client : {&building, &waiting})
    client->say(client->requests.call("list") + client->requests.call("count"));
  for (Client* client : {&building, &waiting}) client->session().stop();
  CHECK(waiting.error() == "the server is stopping");
  CHECK_FALSE(waiting.session().is_waiting());
  CHECK(building.session().has_more_to_do());
  building.turns();
  CHECK(as_map(building.value()).size() == 101);  // and no count
  CHECK_FALSE(building.session().is_waiting());
}

TEST_CASE("a reply that becomes large while the server stops does not wait for a place") {
  SessionSettings settings = with_places(1);
  settings.limits.large_reply_bytes_min = 500;
  ScriptedNameServer server(own_uri, settings);
  server.fill(200);
  Client first(server);
  first.say(first.requests.call("list"));
  for (int i = 0; i < 5; ++i) first.turn();
  Client second(server);
  second.say(second.requests.call("list"));
  second.session().stop();
  second.turns();
  CHECK(second.error() == "the server is stopping");
}

TEST_CASE("a list in a batch is a whole value, up to the limit of a batch") {
  SessionSettings settings = in_small_turns();
  settings.limits.batch_result_nodes_max = 150;
  ScriptedNameServer server(own_uri, settings);
  server.fill(40);
  Client client(server);
  const Bytes small = client.requests.batch({{"count", {}}, {"list", {"n."}}, {"count", {}}});
  client.say(small);
  CHECK(client.turns() >= 6);
  const Value results = client.value();
  REQUIRE(results.as_items()->size() == 3);
  CHECK(as_map((*results.as_items())[1]).size() == 40);
  server.fill(100);
  client.say(small);
  client.turns();
  const Value too_many = client.value();
  REQUIRE(too_many.as_items()->size() == 2);
  const Value* failure = unwrap_batch_exception((*too_many.as_items())[1]);
  REQUIRE(failure != nullptr);
  CHECK(exception_from_value(*failure)->text().starts_with("the results of this batch are larger"));
}

TEST_CASE("a removal by pattern looks for its names in turns, then changes everything at once") {
  for (const bool in_batch : {false, true}) {
    ScriptedNameServer server(own_uri, in_small_turns());
    server.fill(100);
    Client client(server);
    const std::vector<Value> arguments{Value(), Value(), "n.*[02468]$"};
    client.say(in_batch ? client.requests.batch({{"remove", arguments}, {"count", {}}})
                        : client.requests.call("remove", arguments));
    CHECK(client.turns() > 5);
    CHECK(server.index().size() == 101);
    CHECK(server.submitted() == 1);
    const Value result = payload_of(messages_of(server.exchange(client.id, {})).front());
    CHECK(result == (in_batch ? make_list({50, 51}) : Value(50)));
    CHECK(server.index().size() == 51);
    CHECK(server.stored() == 51);
  }
}

TEST_CASE("a removal that fails or finds nothing in its turns says so") {
  SessionSettings settings = in_small_turns();
  settings.limits.pattern_list_steps_max = 30;
  ScriptedNameServer server(own_uri, settings);
  server.fill(100);
  Client client(server);
  client.say(client.requests.call("remove", {Value(), Value(), "n.*5"}));
  client.turns();
  CHECK(client.error().starts_with("regex refused: "));
  server.limits().pattern_list_steps_max = 100000;
  client.say(client.requests.call("remove", {Value(), Value(), ".*nothing"}));
  client.turns();
  CHECK(client.value() == Value(0));
  CHECK(server.submitted() == 0);
}

TEST_CASE("a removal whose connection breaks while it looks for names removes nothing") {
  ScriptedNameServer server(own_uri, in_small_turns());
  server.fill(100);
  Client client(server);
  client.say(client.requests.call("remove", {Value(), "n."}));
  server.disconnect(client.id);
  CHECK(server.submitted() == 0);
  CHECK(server.index().size() == 101);
}

TEST_CASE("a oneway list is worked off and says nothing") {
  ScriptedNameServer server(own_uri, with_places(1));
  server.fill(100);
  Client client(server);
  client.say(client.requests.oneway("list") + client.requests.call("count"));
  client.turns();
  CHECK(client.value() == Value(101));
}

TEST_CASE("a reply of several blocks is signed") {
  for (const SerializerName serializer : serializers) {
    SessionSettings settings;
    settings.hmac_key = "secret";
    ScriptedNameServer server(own_uri, settings);
    server.fill(40000);
    Client client(server, Dialect::pyro4, serializer, "secret");
    client.say(client.requests.call("list", {}, [] {
      Dict with_metadata;
      with_metadata.add("return_metadata", true);
      return with_metadata;
    }()));
    client.turns();
    const Message answer = client.answer();
    CHECK(answer.payload.size() > reply_block_bytes);
    CHECK(verify_hmac(answer, "secret") == HmacVerdict::good);
    CHECK(as_map(payload_of(answer)).size() == 40001);
  }
}

TEST_CASE("replies of several blocks are compressed up to the limit, and shown as they are sent") {
  struct Sizes final : MessageObserver {
    void on_message(const Peer&, const ObservedMessage& message) override { last = message.payload_bytes; }
    std::size_t last = 0;
  } sizes;
  SessionSettings settings;
  settings.compress_replies = true;
  settings.observer = &sizes;
  ScriptedNameServer server(own_uri, settings);
  server.fill(40000);
  Client client(server);
  for (const bool is_compressed : {true, false}) {
    if (!is_compressed) server.limits().compress_bytes_max = 1U << 20U;
    client.say(client.requests.call("list"));
    client.turns();
    const Message answer = client.answer();
    CHECK(answer.flags.compressed == is_compressed);
    CHECK(sizes.last == answer.payload.size());
    CHECK(as_map(payload_of(answer)).size() == 40001);
  }
}

}  // namespace hearth::test
