// What a connection does beyond what the recorded conversations show: faults, order, batches, late answers, keys.
#include "protocol/rpc/server_session.h"

#include <doctest/doctest.h>

#include "protocol/wire/compression.h"
#include "tests/support/pyro_client.h"
#include "tests/support/scripted_name_server.h"
#include "tests/support/wire_vectors.h"

namespace hearth::test {
namespace {

constexpr Dialect dialects[] = {Dialect::pyro4, Dialect::pyro5};
constexpr const char* own_uri = "PYRO:Pyro.NameServer@localhost:9090";

/// A connected client of a fresh name server.
struct Conversation {
  explicit Conversation(Dialect dialect, SessionSettings settings = {})
      : server(own_uri, std::move(settings)), client(dialect) {
    connection = server.connect();
    REQUIRE(only(server.exchange(connection, client.connect())).type == MessageType::connect_ok);
  }

  static Message only(const Bytes& output) {
    const auto messages = messages_of(output);
    REQUIRE(messages.size() == 1);
    return messages.front();
  }

  Value result(const Bytes& request) {
    const Message reply = only(server.exchange(connection, request));
    CHECK_FALSE(reply.flags.exception);
    return payload_of(reply);
  }

  RemoteException exception(const Bytes& request) {
    const Message reply = only(server.exchange(connection, request));
    CHECK(reply.flags.exception);
    return exception_from_value(payload_of(reply)).value();
  }

  ServerSession& session() { return server.session(connection); }

  ScriptedNameServer server;
  PyroClient client;
  ConnectionId connection = 0;
};

Message first_answer(const Bytes& bytes, SessionSettings settings = {}) {
  ScriptedNameServer server(own_uri, std::move(settings));
  const ConnectionId connection = server.connect();
  const Message answer = Conversation::only(server.exchange(connection, bytes));
  CHECK(server.session(connection).wants_close());
  return answer;
}

}  // namespace

TEST_CASE("a conversation survives every split of its bytes") {
  for (const Dialect dialect : dialects) {
    PyroClient client(dialect);
    Bytes all = client.connect();
    all += client.call("register", {"x", "PYRO:o@h:1"});
    all += client.call("lookup", {"x"});
    for (std::size_t split = 0; split <= all.size(); ++split) {
      ScriptedNameServer server(own_uri);
      const ConnectionId connection = server.connect();
      Bytes output = server.exchange(connection, BytesView(all).substr(0, split));
      output += server.exchange(connection, BytesView(all).substr(split));
      const auto answers = messages_of(output);
      REQUIRE(answers.size() == 3);
      CHECK(answers[2].sequence == 2);
      CHECK_FALSE(answers[2].flags.exception);
    }
  }
}

TEST_CASE("the first message must be a CONNECT") {
  for (const MessageType type : {MessageType::invoke, MessageType::ping}) {
    PyroClient pyro4(Dialect::pyro4);
    const std::string number = std::to_string(static_cast<int>(type));
    Message answer = first_answer(pyro4.bytes_of(pyro4.message(type, {}, "x")));
    CHECK(answer.type == MessageType::connect_fail);
    CHECK(answer.sequence == 0);
    CHECK(payload_of(answer) == Value("invalid msg type " + number + " received"));
    PyroClient pyro5(Dialect::pyro5);
    answer = first_answer(pyro5.bytes_of(pyro5.message(type, {}, "x")));
    CHECK(payload_of(answer) == Value("invalid msg type " + number + " received (expected: 1)"));
  }
}

TEST_CASE("refusals of a CONNECT say why") {
  const auto connect_with = [](Dialect dialect, std::uint16_t serializer_id, const Bytes& payload) {
    PyroClient client(dialect);
    Message message = client.message(MessageType::connect, {.meta_on_connect = dialect == Dialect::pyro4}, payload);
    message.serializer_id = serializer_id;
    message.sequence = 7;
    return payload_of(first_answer(client.bytes_of(message)));
  };
  for (const Dialect dialect : dialects) {
    CHECK(connect_with(dialect, 99, "x") == Value("message used serializer that is not accepted: 99"));
    CHECK(connect_with(dialect, 1, "{'object':'Pyro.NameServer'}") == Value("'handshake'"));
    CHECK(connect_with(dialect, 1, "{'handshake':'hello'}") == Value("'object'"));
    CHECK(connect_with(dialect, 1, "{'handshake':'hello','object':'nope'}") == Value("unknown object"));
    CHECK(connect_with(dialect, 1, "{'handshake':").as_str() != nullptr);
  }
}

TEST_CASE("a Pyro4 client that wants no metadata gets the bare handshake answer and may name no object") {
  ScriptedNameServer server(own_uri);
  PyroClient client(Dialect::pyro4);
  const ConnectionId connection = server.connect();
  const Message answer = Conversation::only(
      server.exchange(connection, client.bytes_of(client.message(MessageType::connect, {}, "{'handshake':1}"))));
  CHECK(answer.type == MessageType::connect_ok);
  CHECK_FALSE(answer.flags.meta_on_connect);
  CHECK(payload_of(answer) == Value("hello"));
}

TEST_CASE("a payload that cannot be decoded gets an exception, and the connection stays") {
  for (const Dialect dialect : dialects) {
    Conversation talk(dialect);
    CHECK(talk.exception(talk.client.bytes_of(talk.client.message(MessageType::invoke, {}, "('half"))).type ==
          "builtins.ValueError");
    CHECK(
        talk.exception(talk.client.bytes_of(talk.client.message(MessageType::invoke, {.compressed = true}, "no zlib")))
            .type == "builtins.ValueError");
    CHECK(talk.exception(
                  talk.client.bytes_of(talk.client.message(MessageType::invoke, {.keep_serialized = true}, "blob")))
              .type == "PyroError");
    CHECK_FALSE(talk.session().wants_close());
    CHECK(talk.result(talk.client.call("count")) == Value(1));
  }
}

TEST_CASE("after the handshake other messages and oversized ones are refused with the reason") {
  for (const Dialect dialect : dialects) {
    Conversation talk(dialect);
    const RemoteException refused =
        talk.exception(talk.client.bytes_of(talk.client.message(MessageType::result, {}, "x")));
    CHECK(refused.type == "ProtocolError");
    CHECK(refused.text() == "invalid msg type 5 received");
    CHECK(talk.session().wants_close());
  }
  SessionSettings small;
  small.limits.message_bytes_max = 200;
  Conversation talk(Dialect::pyro5, small);
  CHECK(talk.exception(talk.client.call("lookup", {std::string(300, 'x')})).type == "MessageTooLargeError");
  CHECK(talk.session().wants_close());
}

TEST_CASE("a limit on messages that changes holds for connections that exist") {
  Conversation talk(Dialect::pyro5);
  const Bytes longer_call = talk.client.call("lookup", {std::string(300, 'x')});
  CHECK(talk.exception(longer_call).type == "NamingError");
  talk.server.limits().message_bytes_max = 200;
  CHECK(talk.exception(longer_call).type == "MessageTooLargeError");
}

TEST_CASE("a serializer that is not accepted in a later call is refused and the connection closed") {
  Conversation talk(Dialect::pyro4);
  Message message = talk.client.message(MessageType::invoke, {}, "x");
  message.serializer_id = 4;  // pickle
  const RemoteException refused = talk.exception(talk.client.bytes_of(message));
  CHECK(refused.type == "SerializeError");
  CHECK(refused.text() == "message used serializer that is not accepted: 4");
  CHECK(talk.session().wants_close());
}

TEST_CASE("objects of classes that nobody knows are refused as Pyro refuses them") {
  Conversation talk(Dialect::pyro5);
  Dict unknown;
  unknown.add("__class__", "evil.Class");
  CHECK(talk.exception(talk.client.call("lookup", {unknown})).text() == "unsupported serialized class: evil.Class");
  Dict suspicious;
  suspicious.add("__class__", "evil.__class__");
  CHECK(talk.exception(talk.client.call("lookup", {make_list({suspicious})})).type == "SecurityError");
}

TEST_CASE("a write is answered after its commit, and what follows on the connection waits for it") {
  for (const Dialect dialect : dialects) {
    Conversation talk(dialect);
    Bytes requests = talk.client.oneway("register", {"x", "PYRO:o@h:1"});
    requests += talk.client.call("lookup", {"x"});
    CHECK(talk.server.send(talk.connection, requests).empty());
    CHECK(talk.session().is_waiting());
    CHECK(talk.server.index().find("x") == nullptr);
    talk.server.commit();
    CHECK_FALSE(talk.session().is_waiting());
    const Message reply = Conversation::only(talk.session().take_output());
    CHECK_FALSE(reply.flags.exception);
    CHECK(reply.sequence == 2);
  }
}

TEST_CASE("pipelined calls take turns") {
  Conversation talk(Dialect::pyro5);
  Bytes requests;
  for (int i = 0; i < 3; ++i) requests += talk.client.call("count");
  talk.session().receive(requests);
  for (int answers = 1; answers <= 3; ++answers) {
    CHECK(messages_of(talk.session().take_output()).size() == 1);
    CHECK(talk.session().has_more_to_do() == (answers < 3));
    talk.session().resume();
  }
  CHECK(talk.session().take_output().empty());
}

TEST_CASE("a session that is stopped answers what is in flight and starts nothing more") {
  Conversation talk(Dialect::pyro4);
  Bytes requests = talk.client.call("register", {"x", "PYRO:o@h:1"});
  requests += talk.client.call("register", {"y", "PYRO:o@h:1"});
  CHECK(talk.server.send(talk.connection, requests).empty());
  talk.session().stop();
  talk.server.commit();
  CHECK_FALSE(Conversation::only(talk.session().take_output()).flags.exception);
  CHECK_FALSE(talk.session().is_waiting());
  CHECK_FALSE(talk.session().has_more_to_do());
  CHECK(talk.server.index().find("y") == nullptr);
}

TEST_CASE("a CONNECT may be small only: nobody has shown yet that it is a client") {
  SessionSettings settings;
  settings.limits.handshake_bytes_max = 300;
  settings.limits.handshake_nodes_max = 20;
  const auto reason = [&settings](const Bytes& payload, bool compressed = false) {
    PyroClient client(Dialect::pyro5);
    return *payload_of(
                first_answer(client.bytes_of(client.message(MessageType::connect, {.compressed = compressed}, payload)),
                             settings))
                .as_str();
  };
  CHECK(reason(Bytes(301, 'x')).starts_with("max message size exceeded"));
  CHECK(reason(compress_if_smaller(Bytes(1000, ' ')).bytes, true).find("larger than 300 bytes") != std::string::npos);
  CHECK(reason("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21]").find("20") != std::string::npos);
  CHECK(reason("{'handshake':{'__class__':'foo.Bar'},'object':'Pyro.NameServer'}") ==
        "unsupported serialized class: foo.Bar");
}

TEST_CASE("a write whose client has gone still commits") {
  Conversation talk(Dialect::pyro4);
  CHECK(talk.server.send(talk.connection, talk.client.call("register", {"x", "PYRO:o@h:1"})).empty());
  talk.server.disconnect(talk.connection);
  talk.server.commit();
  CHECK(talk.server.index().find("x") != nullptr);
}

TEST_CASE("the writes of a batch share one commit, a read between them sees those before it") {
  Conversation talk(Dialect::pyro5);
  const Value results = talk.result(talk.client.batch({{"register", {"a", "PYRO:o@h:1"}},
                                                       {"register", {"b", "PYRO:o@h:2"}},
                                                       {"set_metadata", {"a", make_list({"t"})}},
                                                       {"count", {}},
                                                       {"remove", {"b"}},
                                                       {"count", {}}}));
  CHECK(results == make_list({Value(), Value(), Value(), 3, 1, 2}));
  CHECK(talk.server.commits() == 2);
}

TEST_CASE("a batch ends at its first failure, whoever decides it") {
  for (const Dialect dialect : dialects) {
    Conversation talk(dialect);
    static_cast<void>(talk.result(talk.client.call("register", {"taken", "PYRO:o@h:1"})));
    // The engine refuses the second; the third must not happen.
    Value results = talk.result(talk.client.batch({{"register", {"a", "PYRO:o@h:1"}},
                                                   {"register", {"taken", "PYRO:o@h:2", true}},
                                                   {"register", {"b", "PYRO:o@h:3"}}}));
    REQUIRE(results.as_items()->size() == 2);
    const Value* wrapped = unwrap_batch_exception(results.as_items()->back());
    REQUIRE(wrapped != nullptr);
    CHECK(exception_from_value(*wrapped)->text() == "name already registered: taken");
    CHECK(talk.server.index().find("a") != nullptr);
    CHECK(talk.server.index().find("b") == nullptr);
    // An argument check refuses the second while the first is still on its way.
    results = talk.result(
        talk.client.batch({{"register", {"c", "PYRO:o@h:1"}}, {"register", {"d", "nonsense"}}, {"remove", {"a"}}}));
    CHECK(results.as_items()->size() == 2);
    CHECK(talk.server.index().find("c") != nullptr);
    CHECK(talk.server.index().find("a") != nullptr);
  }
}

TEST_CASE("an unknown method fails the whole batch, though the calls before it have run") {
  Conversation talk(Dialect::pyro4);
  const RemoteException failure =
      talk.exception(talk.client.batch({{"register", {"a", "PYRO:o@h:1"}}, {"nope", {}}, {"count", {}}}));
  CHECK(failure.text() == "'NameServer' object has no attribute 'nope'");
  CHECK(talk.server.index().find("a") != nullptr);
}

TEST_CASE("an empty batch and a batch of nonsense are answered") {
  Conversation talk(Dialect::pyro5);
  CHECK(talk.result(talk.client.batch({})) == make_list({}));
  const auto raw = [&talk](Value items) {
    return talk.client.bytes_of(
        talk.client.call_message({"Pyro.NameServer", "<batch>", std::move(items), Value()}, {.batch = true}));
  };
  CHECK(talk.exception(raw(5)).type == "builtins.TypeError");
  CHECK(talk.exception(raw(make_list({make_tuple({"count"})}))).type == "builtins.ValueError");
}

TEST_CASE("a oneway batch runs and says nothing") {
  Conversation talk(Dialect::pyro4);
  CHECK(
      talk.server.exchange(talk.connection, talk.client.batch({{"register", {"a", "PYRO:o@h:1"}}, {"nope", {}}}, true))
          .empty());
  CHECK(talk.server.index().find("a") != nullptr);
  CHECK_FALSE(talk.session().is_waiting());
}

TEST_CASE("replies are compressed on request, if that makes them smaller") {
  SessionSettings settings;
  settings.compress_replies = true;
  Conversation talk(Dialect::pyro5, settings);
  for (int i = 0; i < 20; ++i) {
    static_cast<void>(talk.result(talk.client.call("register", {"name" + std::to_string(i), "PYRO:o@h:1"})));
  }
  const Message reply = Conversation::only(talk.server.exchange(talk.connection, talk.client.call("list")));
  CHECK(reply.flags.compressed);
  CHECK(payload_of(reply).as<Dict>()->items.size() == 21);
  CHECK_FALSE(Conversation::only(talk.server.exchange(talk.connection, talk.client.call("count"))).flags.compressed);
}

TEST_CASE("an answer over the limit becomes an error that says what to do") {
  SessionSettings settings;
  settings.limits.reply_bytes_max = 300;
  Conversation talk(Dialect::pyro4, settings);
  static_cast<void>(
      talk.result(talk.client.call("register", {"x", "PYRO:o@h:1", false, make_list({std::string(300, 't')})})));
  const RemoteException refused = talk.exception(talk.client.call("list", {Value(), Value(), Value(), Value(), true}));
  CHECK(refused.text().find("prefix") != std::string::npos);
}

TEST_CASE("an exception that its serializer cannot carry is replaced by one that it can") {
  ScriptedNameServer server(own_uri);
  PyroClient client(Dialect::pyro4, SerializerName::json);
  const ConnectionId connection = server.connect();
  static_cast<void>(server.exchange(connection, client.connect()));
  // Python's json reads a lone surrogate from an escape, but cannot write one.
  const Bytes payload = R"({"object":"Pyro.NameServer","method":"lookup","params":["\ud800"],"kwargs":{}})";
  const Message reply = Conversation::only(
      server.exchange(connection, client.bytes_of(client.message(MessageType::invoke, {}, payload))));
  CHECK(reply.flags.exception);
  CHECK(exception_from_value(payload_of(reply))->text().starts_with("Error serializing the answer: "));
}

TEST_CASE("with an HMAC key only those who sign with it are served") {
  SessionSettings settings;
  settings.hmac_key = "secret";
  const auto answer = [&settings](Dialect dialect, const std::string& key) {
    PyroClient client(dialect);
    client.hmac_key = key;
    return first_answer(client.connect(), settings);
  };
  CHECK(payload_of(answer(Dialect::pyro4, "")) == Value("hmac key config not symmetric"));
  CHECK(payload_of(answer(Dialect::pyro4, "wrong")) == Value("message hmac mismatch"));
  CHECK(answer(Dialect::pyro4, "wrong").find_annotation("HMAC") != nullptr);
  CHECK(payload_of(answer(Dialect::pyro5, "")).as_str()->find("HMAC") != std::string::npos);

  ScriptedNameServer server(own_uri, settings);
  PyroClient client(Dialect::pyro4);
  client.hmac_key = "secret";
  const ConnectionId connection = server.connect();
  CHECK(Conversation::only(server.exchange(connection, client.connect())).type == MessageType::connect_ok);
  CHECK_FALSE(Conversation::only(server.exchange(connection, client.call("count"))).flags.exception);
  client.hmac_key.clear();
  CHECK(Conversation::only(server.exchange(connection, client.call("count"))).flags.exception);
  CHECK(server.session(connection).wants_close());
}

TEST_CASE("an unsigned server refuses a signed client") {
  PyroClient client(Dialect::pyro4);
  client.hmac_key = "secret";
  CHECK(payload_of(first_answer(client.connect())) == Value("hmac key config not symmetric"));
}

TEST_CASE("the Daemon object answers monitors") {
  for (const Dialect dialect : dialects) {
    Conversation talk(dialect);
    const auto daemon_call = [&talk](const char* method, std::vector<Value> args) {
      return talk.client.bytes_of(
          talk.client.call_message({"Pyro.Daemon", method, make_tuple(std::move(args)), Dict{}}, {}));
    };
    CHECK(talk.result(daemon_call("info", {})).as_str()->starts_with("Pyro.Daemon bound on "));
    CHECK(talk.exception(daemon_call("get_next_stream_item", {"id"})).text() == "item stream terminated");
    CHECK(talk.result(daemon_call("close_stream", {"id"})) == Value());
  }
}

}  // namespace hearth::test
