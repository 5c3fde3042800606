// The client's end of a conversation, with our own server's end as the counterpart, and what only a bad
// server says.
#include "protocol/rpc/client_session.h"

#include <doctest/doctest.h>

#include <array>

#include "protocol/rpc/dialect_map.h"
#include "protocol/rpc/server_session.h"
#include "tests/support/exact_bytes.h"
#include "tests/support/shared_places.h"

namespace hearth::test {
namespace {

constexpr std::array dialects{Dialect::pyro4, Dialect::pyro5};
constexpr std::array serializers{SerializerName::serpent, SerializerName::json, SerializerName::marshal,
                                 SerializerName::msgpack};

class EchoObject final : public RemoteObject {
 public:
  [[nodiscard]] std::string_view class_name() const override { return "Echo"; }
  [[nodiscard]] std::span<const Method> methods(Dialect) const override { return methods_; }
  [[nodiscard]] Answer invoke(Call& call, Responder&) override {
    ++calls;
    if (call.method.id == 1) return CallResult(raise("NamingError", "no luck"));
    return CallResult(std::move(call.arguments[0]));
  }
  int calls = 0;

 private:
  std::array<Method, 2> methods_{{{"echo", 0, {{"value"}}}, {"fail", 1, {}}}};
};

class NoLateReplies final : public ReplySink {
  void reply(ConnectionId, std::uint64_t, CallResult) override {}
};

SessionSettings accepting_only(SerializerName name) {
  SessionSettings settings;
  settings.accepted_serializers = {name};
  return settings;
}

SessionSettings with_key(std::string key) {
  SessionSettings settings;
  settings.hmac_key = std::move(key);
  return settings;
}

/// A server end; its session dies with it.
struct Server {
  explicit Server(SessionSettings server_settings = {}) : settings(std::move(server_settings)) {
    objects.add("Echo", object);
    session.emplace(settings, objects, late_replies, places.replies, Peer{});
  }
  Bytes answer(BytesView request) {
    session->receive(request);
    while (session->has_more_to_do()) session->resume();
    return session->take_output();
  }
  SessionSettings settings;
  SharedPlaces places{settings.limits};
  EchoObject object;
  ObjectTable objects;
  NoLateReplies late_replies;
  std::optional<ServerSession> session;
};

Reply only_reply(ClientSession& client, BytesView bytes) {
  client.receive(bytes);
  auto reply = client.next();
  REQUIRE_MESSAGE(reply.has_value(), reply.error().text);
  REQUIRE(reply->has_value());
  CHECK(client.next()->has_value() == false);
  return std::move(**reply);
}

Error only_error(ClientSession& client, BytesView bytes) {
  client.receive(bytes);
  const auto first = client.next();
  REQUIRE_FALSE(first.has_value());
  client.receive(bytes);
  CHECK(client.next().error().text == first.error().text);  // for ever
  return first.error();
}

CallValue echo_call(Value value) { return {"Echo", "echo", make_tuple({std::move(value)}), Dict{}}; }

void shake_hands(ClientSession& client, Server& server) {
  const Reply reply = only_reply(client, server.answer(client.connect("hello", "Echo").value()));
  REQUIRE(std::holds_alternative<Connected>(reply));
}

/// A message of a server that says what the test wants.
Message result_message(Dialect dialect, const Value& value, std::uint16_t sequence) {
  Message message;
  message.dialect = dialect;
  message.type = MessageType::result;
  message.serializer_id = wire_id(dialect, SerializerName::serpent);
  message.sequence = sequence;
  REQUIRE(serializer(SerializerName::serpent).dump(value, message.payload).has_value());
  return message;
}

Bytes bytes_of(Message message) {
  Bytes bytes;
  append_message(bytes, std::move(message), "");
  return bytes;
}

Message only_message(BytesView bytes) {
  Framer framer(1U << 20U);
  framer.append(bytes);
  return framer.next()->value();
}

}  // namespace

TEST_CASE("client session: each dialect and serializer carries values, exceptions and metadata") {
  for (const Dialect dialect : dialects) {
    for (const SerializerName name : serializers) {
      CAPTURE(to_string(name));
      for (const bool compress : {false, true}) {
        Server server;
        server.settings.compress_replies = compress;
        ClientSession client({.dialect = dialect, .serializer = name, .compress_requests = compress});
        const Reply greeting = only_reply(client, server.answer(client.connect("let me in", "Echo").value()));
        CHECK(std::get<Connected>(greeting).handshake == Value("hello"));
        const Value* methods = std::get<Connected>(greeting).metadata.as<Dict>()->find("methods");
        CHECK(methods->as_items()->size() == 2);

        const std::string text(5000, 'x');
        const Reply echoed = only_reply(client, server.answer(client.invoke(echo_call(text)).value()));
        CHECK(std::get<CallResult>(echoed).value() == Value(text));

        const Reply failed =
            only_reply(client, server.answer(client.invoke({"Echo", "fail", Tuple{}, Dict{}}).value()));
        CHECK(std::get<CallResult>(failed).error().type == "NamingError");
        CHECK(std::get<CallResult>(failed).error().text() == "no luck");
      }
    }
  }
}

TEST_CASE("client session: replies survive every split of their bytes") {
  for (const Dialect dialect : dialects) {
    Server server;
    ClientSession asking({.dialect = dialect});
    Bytes answers = server.answer(asking.connect("hello", "Echo").value());
    const std::size_t greeting_bytes = answers.size();
    REQUIRE(std::holds_alternative<Connected>(only_reply(asking, answers)));
    answers += server.answer(asking.invoke(echo_call(42)).value());
    for (std::size_t split = 0; split <= answers.size(); ++split) {
      ClientSession client({.dialect = dialect});
      static_cast<void>(client.connect("hello", "Echo"));
      int replies = 0;
      for (const BytesView part : {BytesView(answers).substr(0, split), BytesView(answers).substr(split)}) {
        client.receive(ExactBytes(part).view());
        for (auto reply = client.next(); reply->has_value(); reply = client.next()) {
          if (++replies == 1) static_cast<void>(client.invoke(echo_call(42)));
          if (replies == 2) CHECK(std::get<CallResult>(**reply).value() == Value(42));
        }
        CHECK(replies >= (split >= greeting_bytes ? 1 : 0));
      }
      CHECK(replies == 2);
    }
  }
}

TEST_CASE("client session: batches, oneway calls and calls under way at once") {
  for (const Dialect dialect : dialects) {
    Server server;
    ClientSession client({.dialect = dialect});
    shake_hands(client, server);
    CHECK(server.answer(client.invoke(echo_call("unheard"), {.oneway = true}).value()).empty());

    const Value calls = make_list({make_tuple({"echo", make_tuple({1}), Dict{}}), make_tuple({"fail", Tuple{}, Dict{}}),
                                   make_tuple({"echo", make_tuple({3}), Dict{}})});
    const CallValue batch{"Echo", "<batch>", calls, None{}};
    const Reply reply = only_reply(client, server.answer(client.invoke(batch, {.batch = true}).value()));
    const auto& results = std::get<BatchResults>(reply);
    REQUIRE(results.size() == 2);
    CHECK(results[0].value() == Value(1));
    CHECK(results[1].error().text() == "no luck");
    CHECK(server.object.calls == 3);
    CHECK(server.answer(client.invoke(batch, {.oneway = true, .batch = true}).value()).empty());

    const Bytes first = client.invoke(echo_call("a")).value();
    const Bytes second = client.invoke(echo_call("b")).value();
    client.receive(server.answer(first + second));
    CHECK(std::get<CallResult>(client.next()->value()).value() == Value("a"));
    CHECK(std::get<CallResult>(client.next()->value()).value() == Value("b"));
  }
}

TEST_CASE("client session: annotations go along, and Pyro's own stay out of sight") {
  for (const Dialect dialect : dialects) {
    Server server;
    ClientSession client({.dialect = dialect, .correlation = CorrelationId{1}});
    const Message greeting = only_message(client.connect("hello", "Echo", {{"ABCD", "x"}}).value());
    CHECK(greeting.find_annotation("ABCD")->data == "x");
    REQUIRE(std::holds_alternative<Connected>(only_reply(client, server.answer(bytes_of(greeting)))));
    CHECK(client.annotations().empty());

    CHECK(only_message(client.invoke(echo_call(1), {.annotations = {{"ABCD", "y"}}}).value())
              .find_annotation("ABCD")
              ->data == "y");
    Message answer = result_message(dialect, 1, 1);
    answer.annotations = {{"CORR", Bytes(16, 'c')}, {"MINE", "m"}};
    static_cast<void>(only_reply(client, bytes_of(answer)));
    CHECK(client.annotations() == std::vector<Annotation>{{"MINE", "m"}});

    for (const Annotation& bad : {Annotation{"FIVE5", ""}, Annotation{"A\nBC", ""}, Annotation{"STRM", "1"}}) {
      CHECK(client.invoke(echo_call(1), {.annotations = {bad}}).error().kind == ErrorKind::malformed);
    }
  }
  Server server;
  ClientSession client({.dialect = Dialect::pyro4});
  shake_hands(client, server);
  CHECK(client.invoke(echo_call(1), {.annotations = {{"LONG", Bytes(65500, 'x')}}}).error().kind == ErrorKind::limit);
  CHECK(client.invoke(echo_call(1), {.annotations = {{"LONG", Bytes(65000, 'x')}}}).has_value());
}

TEST_CASE("client session: a result that is an iterator") {
  for (const Dialect dialect : dialects) {
    Server server;
    ClientSession client({.dialect = dialect});
    shake_hands(client, server);
    const auto reply_to_call = [&](std::uint16_t sequence, std::vector<Annotation> annotations) {
      REQUIRE(client.invoke(echo_call(1)).has_value());
      Message message = result_message(
          dialect, exception_value(raise("ProtocolError", "result of call is an iterator").value(), dialect), sequence);
      message.flags.exception = true;
      message.flags.item_stream = true;
      message.annotations = std::move(annotations);
      return only_reply(client, bytes_of(message));
    };
    CHECK(std::get<ItemStreamOpened>(reply_to_call(1, {{"STRM", "the-id"}})).id == "the-id");
    CHECK(client.annotations().empty());
    // A server that does not stream says so by giving no id.
    const Reply refused = reply_to_call(2, {});
    CHECK(std::get<CallResult>(refused).error().type == "ProtocolError");
  }
}

TEST_CASE("client session: the sequence number wraps") {
  Server server;
  ClientSession client({});
  shake_hands(client, server);
  for (int i = 0; i < 0x10000; ++i) {
    static_cast<void>(server.answer(client.invoke(echo_call(None{}), {.oneway = true}).value()));
  }
  const Reply reply = only_reply(client, server.answer(client.invoke(echo_call(7)).value()));
  CHECK(std::get<CallResult>(reply).value() == Value(7));
}

TEST_CASE("client session: a refusal tells its reason, in whatever serializer") {
  for (const Dialect dialect : dialects) {
    Server server(accepting_only(SerializerName::json));
    ClientSession unknown_object({.dialect = dialect, .serializer = SerializerName::json});
    const Reply first = only_reply(unknown_object, server.answer(unknown_object.connect("hello", "nobody").value()));
    CHECK(std::get<Refused>(first).reason == "unknown object");

    Server other(accepting_only(SerializerName::json));
    ClientSession unwanted({.dialect = dialect});
    const Reply second = only_reply(unwanted, other.answer(unwanted.connect("hello", "Echo").value()));
    CHECK(std::get<Refused>(second).reason == "message used serializer that is not accepted: 1");
  }
}

TEST_CASE("client session: the other dialect is recognised by its refusal") {
  for (const Dialect dialect : dialects) {
    const Dialect spoken = dialect == Dialect::pyro4 ? Dialect::pyro5 : Dialect::pyro4;
    Message refusal;
    refusal.dialect = spoken;
    refusal.type = MessageType::connect_fail;
    refusal.serializer_id = wire_id(spoken, SerializerName::marshal);
    REQUIRE(serializer(SerializerName::marshal).dump("unsupported protocol version", refusal.payload).has_value());
    ClientSession client({.dialect = dialect});
    static_cast<void>(client.connect("hello", "Echo"));
    CHECK(std::get<OtherDialect>(only_reply(client, bytes_of(refusal))).dialect == spoken);
  }
}

TEST_CASE("client session: HMAC keys must be the same on both sides") {
  Server keyed(with_key("secret"));
  ClientSession right({.dialect = Dialect::pyro4, .hmac_key = "secret", .correlation = CorrelationId{1, 2, 3}});
  shake_hands(right, keyed);
  const Reply reply = only_reply(right, keyed.answer(right.invoke(echo_call("x")).value()));
  CHECK(std::get<CallResult>(reply).value() == Value("x"));
  CHECK_FALSE(right.signature_fault().has_value());

  const auto trouble = [](const std::string& client_key, const std::string& server_key) {
    Server server(with_key(server_key));
    ClientSession client({.dialect = Dialect::pyro4, .hmac_key = client_key});
    std::string text = only_error(client, server.answer(client.connect("hello", "Echo").value())).text;
    const bool has_both = !client_key.empty() && !server_key.empty();
    CHECK(client.signature_fault() == (has_both ? HmacVerdict::mismatch : HmacVerdict::not_symmetric));
    return text;
  };
  CHECK(trouble("wrong", "secret") == "the server has another HMAC key");
  CHECK(trouble("", "secret") == "the server requires an HMAC key");
  CHECK(trouble("secret", "") == "the server does not use the HMAC key that this client has");
}

TEST_CASE("client session: what a bad server says ends the connection") {
  const auto trouble_of = [](const Bytes& bytes, Limits limits = {}) {
    Server server;
    ClientSession client({.limits = limits});
    shake_hands(client, server);
    REQUIRE(client.invoke(echo_call(1)).has_value());
    return only_error(client, bytes).text;
  };
  const auto changed = [](auto change) {
    Message message = result_message(Dialect::pyro5, "x", 1);
    change(message);
    return bytes_of(std::move(message));
  };
  CHECK(trouble_of(changed([](Message& m) { m.sequence = 2; })) ==
        "invoke: reply sequence out of sync, got 2 expected 1");
  CHECK(trouble_of(changed([](Message& m) { m.type = MessageType::invoke; })) == "invalid msg type 4 received");
  CHECK(trouble_of(changed([](Message& m) { m.serializer_id = 2; })) == "invalid serializer in response: 2");
  CHECK(trouble_of(changed([](Message& m) { m.flags.exception = true; })) ==
        "the server reported an exception that cannot be read");
  CHECK(trouble_of(changed([](Message& m) { m.payload = "['"; })) != "");
  CHECK(trouble_of(changed([](Message& m) { m.flags.compressed = true; })) == "compressed payload is damaged");
  Limits small;
  small.reply_bytes_max = 1000;
  CHECK(trouble_of(changed([](Message& m) { m.payload.assign(1001, ' '); }), small) ==
        "max message size exceeded (1001 where max=1000)");

  ClientSession lost({});
  static_cast<void>(lost.connect("hello", "Echo"));
  CHECK(only_error(lost, "HTTP/1.1 400 Bad Request").text == "what answers does not speak Pyro (invalid data)");

  Server server;
  ClientSession idle({});
  shake_hands(idle, server);
  CHECK(only_error(idle, bytes_of(result_message(Dialect::pyro5, 1, 0))).text ==
        "the server answered a call that nobody made");
}

TEST_CASE("client session: a server that refuses our serializer later may say so in another one") {
  Server server;
  ClientSession client({.dialect = Dialect::pyro4, .serializer = SerializerName::json});
  shake_hands(client, server);
  REQUIRE(client.invoke(echo_call(1)).has_value());
  Message message = result_message(Dialect::pyro4,
                                   exception_value(raise("SerializeError", "not accepted").value(), Dialect::pyro4), 1);
  message.flags.exception = true;
  CHECK(std::get<CallResult>(only_reply(client, bytes_of(message))).error().text() == "not accepted");
}

TEST_CASE("client session: what cannot be sent harms nothing") {
  Server server;
  ClientSession client({.serializer = SerializerName::json});
  shake_hands(client, server);
  CHECK(client.invoke(echo_call(ByteString{"json knows no bytes"})).error().kind == ErrorKind::unsupported);
  const Reply reply = only_reply(client, server.answer(client.invoke(echo_call("good")).value()));
  CHECK(std::get<CallResult>(reply).value() == Value("good"));
}

}  // namespace hearth::test
