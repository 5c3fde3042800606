// A proxy and the servers it may meet: in either dialect, refusing, talking nonsense, falling silent,
// hanging up.
#include <hearth/proxy.h>

#include <doctest/doctest.h>

#include "tests/support/wire_vectors.h"
#include "tests/unit/client-lib/pyro_handlers.h"

namespace hearth::test {
namespace {

constexpr Dialect dialects[] = {Dialect::pyro4, Dialect::pyro5};

ClientSettings impatient_to_connect() {
  ClientSettings settings;
  settings.connect_timeout_ms = 20;
  return settings;
}

ClientSettings impatient_to_call() {
  ClientSettings settings;
  settings.call_timeout_ms = 20;
  return settings;
}

ClientError connect_error(std::vector<LoopbackServer::Handler> handlers, const ClientSettings& settings = {}) {
  const LoopbackServer server(std::move(handlers));
  const auto proxy = Proxy::connect(server.uri(), settings);
  REQUIRE_FALSE(proxy.has_value());
  return proxy.error();
}

void hang_up(LoopbackPeer& peer) { static_cast<void>(peer.receive()); }
void say_nothing(LoopbackPeer& peer) { peer.wait_for_end(); }

/// Shakes hands, then answers the first call with `bytes` and hangs up, or stays.
LoopbackServer::Handler answering(Bytes bytes, bool stays = false) {
  return [bytes = std::move(bytes), stays](LoopbackPeer& peer) {
    shake_hands(peer, Dialect::pyro5);
    static_cast<void>(peer.receive());
    peer.send(bytes);
    if (stays) peer.wait_for_end();
  };
}

ClientError call_error(LoopbackServer::Handler handler, ClientSettings settings = {}) {
  const LoopbackServer server({std::move(handler)});
  auto proxy = Proxy::connect(server.uri(), settings);
  REQUIRE(proxy.has_value());
  auto result = proxy->invoke("ping");
  REQUIRE_FALSE(result.has_value());
  CHECK_FALSE(proxy->is_connected());
  return result.error();
}

}  // namespace

TEST_CASE("proxy: calls, in the dialect that the server speaks") {
  for (const Dialect spoken : dialects) {
    for (const Dialect first : dialects) {
      NameServers servers;
      std::vector<LoopbackServer::Handler> handlers{servers.handler(spoken)};
      if (first != spoken) handlers.insert(handlers.begin(), refusing_in(spoken, "unsupported protocol version"));
      const LoopbackServer server(std::move(handlers));
      ClientSettings settings;
      settings.first_dialect = first;
      auto proxy = Proxy::connect(server.uri(), settings);
      REQUIRE_MESSAGE(proxy.has_value(), proxy.error().text);
      CHECK(proxy->dialect() == spoken);
      CHECK(proxy->metadata().methods.contains("lookup"));
      CHECK(proxy->invoke("count").value() == Value(1));

      const auto raised = proxy->invoke("lookup", {"nobody"});
      REQUIRE_FALSE(raised.has_value());
      CHECK(raised.error().kind == ClientErrorKind::remote);
      CHECK(raised.error().text == "NamingError: unknown name: nobody");
      CHECK(proxy->invoke("no_such_method").error().text ==
            "AttributeError: remote object '" + server.uri().text() +
                "' has no exposed attribute or method 'no_such_method'");
      CHECK(proxy->invoke("count").value() == Value(1));  // exceptions leave the connection open
    }
  }
}

TEST_CASE("proxy: calls in C++ types") {
  NameServers servers;
  const LoopbackServer server({servers.handler(Dialect::pyro5)});
  auto proxy = Proxy::connect(server.uri()).value();
  proxy.call("register", "x", "PYRO:o@h:1", kw("metadata", std::set<std::string>{"t", "u"}));
  const auto [uri, tags] =
      proxy.call<std::pair<Uri, std::set<std::string>>>("lookup", "x", kw("return_metadata", true));
  CHECK(uri.text() == "PYRO:o@h:1");
  CHECK(tags == std::set<std::string>{"t", "u"});
  CHECK(proxy.call<int>("count", CallOptions{.timeout_ms = 0}) == 2);

  CHECK_THROWS_WITH_AS(proxy.call<std::string>("count"), "the result of count(): expected str, got int 2",
                       ClientException);
  try {
    proxy.call("lookup", "nobody");
    FAIL("nobody was found");
  } catch (const RemoteError& error) {
    CHECK(error.what() == std::string("NamingError: unknown name: nobody"));
    CHECK(error.type() == "NamingError");
    CHECK(error.args() == std::vector<Value>{"unknown name: nobody"});
    CHECK_FALSE(error.traceback().empty());
    CHECK(error.kind() == ClientErrorKind::remote);
  }
  CHECK(proxy.call<int>("count") == 2);  // neither has cost the connection
}

TEST_CASE("proxy: a time for one call") {
  const LoopbackServer server({answering("", true)});
  auto proxy = Proxy::connect(server.uri()).value();
  CHECK(proxy.invoke("ping", {}, {}, {.timeout_ms = 20}).error().kind == ClientErrorKind::timeout);
}

TEST_CASE("proxy: a server that hangs up on a dialect it does not know") {
  NameServers servers;
  const LoopbackServer server({hang_up, servers.handler(Dialect::pyro4)});
  const auto proxy = Proxy::connect(server.uri(), {});
  REQUIRE_MESSAGE(proxy.has_value(), proxy.error().text);
  CHECK(proxy->dialect() == Dialect::pyro4);
}

TEST_CASE("proxy: no connection") {
  const ClientError refused = connect_error({refusing_in(Dialect::pyro5, "no free workers")});
  CHECK(refused.kind == ClientErrorKind::refused);
  CHECK(refused.text.ends_with(" rejected the connection: no free workers"));

  const ClientError stranger = connect_error({[](LoopbackPeer& peer) { peer.send("HTTP/1.1 400 Bad Request\r\n"); }});
  CHECK(stranger.kind == ClientErrorKind::protocol);
  CHECK(stranger.text.ends_with(": what answers does not speak Pyro (invalid data)"));

  CHECK(connect_error({hang_up, hang_up}).kind == ClientErrorKind::unreachable);
  CHECK(connect_error({say_nothing}, impatient_to_connect()).kind == ClientErrorKind::timeout);
  const ClientError neither = connect_error({refusing_in(Dialect::pyro4, "no"), refusing_in(Dialect::pyro5, "no")});
  CHECK(neither.kind == ClientErrorKind::protocol);

  Uri nowhere;
  nowhere.protocol = "PYRO";
  nowhere.object = "x";
  CHECK(Proxy::connect(nowhere).error().kind == ClientErrorKind::invalid);
  CHECK(Proxy::connect("x@nowhere").error().text == "invalid uri: x@nowhere");
}

TEST_CASE("proxy: a key keeps it from the Pyro5 dialect") {
  ClientSettings settings;
  settings.hmac_key = "secret";
  const ClientError error = connect_error({refusing_in(Dialect::pyro5, "invalid protocol version: 48")}, settings);
  CHECK(error.kind == ClientErrorKind::refused);
  CHECK(error.text.find("cannot carry an HMAC key") != std::string::npos);

  SessionSettings keyed;
  keyed.hmac_key = "secret";
  NameServers servers(keyed);
  const LoopbackServer server({servers.handler(Dialect::pyro4)});
  auto proxy = Proxy::connect(server.uri(), settings);
  REQUIRE_MESSAGE(proxy.has_value(), proxy.error().text);
  CHECK(proxy->invoke("count").value() == Value(1));
}

TEST_CASE("proxy: a call that fails with its connection") {
  const Bytes answer = result_bytes(Dialect::pyro5, "late", 1);
  CHECK(call_error(answering(answer.substr(0, answer.size() - 1))).kind == ClientErrorKind::unreachable);
  CHECK(call_error(answering(answer.substr(0, 10), true), impatient_to_call()).kind == ClientErrorKind::timeout);
  const ClientError out_of_step = call_error(answering(result_bytes(Dialect::pyro5, "other", 7)));
  CHECK(out_of_step.kind == ClientErrorKind::protocol);
  CHECK(out_of_step.text.ends_with(": invoke: reply sequence out of sync, got 7 expected 1"));
  CHECK(call_error(answering(std::string(100, 'x'))).kind == ClientErrorKind::protocol);
}

TEST_CASE("proxy: a connection that was lost is made anew by the next call, in the dialect that was found") {
  for (const Dialect spoken : dialects) {
    const auto one_call = [spoken](LoopbackPeer& peer) {
      shake_hands(peer, spoken);
      static_cast<void>(peer.receive());
      peer.send(result_bytes(spoken, "done", 1));
    };
    const LoopbackServer server({one_call, one_call, one_call});
    ClientSettings settings;
    settings.first_dialect = spoken;
    auto proxy = Proxy::connect(server.uri(), settings).value();
    // Whether it notices the end before or after it has sent the next call is a matter of luck.
    for (int call = 0; call < 3; ++call) CHECK(proxy.invoke("do", {}, {}, {.retries = 1}).value() == Value("done"));
  }
}

TEST_CASE("proxy: a call is repeated only if that was asked for") {
  const auto lose_call = [](LoopbackPeer& peer) {
    shake_hands(peer, Dialect::pyro5);
    static_cast<void>(peer.receive());
  };
  const auto answer_call = answering(result_bytes(Dialect::pyro5, "done", 1));
  ClientSettings settings;
  settings.retry_wait_ms = 1;
  const LoopbackServer server({lose_call, lose_call, lose_call, lose_call, answer_call});
  auto proxy = Proxy::connect(server.uri(), settings).value();
  CHECK(proxy.invoke("do").error().kind == ClientErrorKind::unreachable);
  CHECK(proxy.invoke("do", {}, {}, {.retries = 1}).error().kind == ClientErrorKind::unreachable);
  CHECK(proxy.call<std::string>("do", CallOptions{.retries = 2}) == "done");
}

TEST_CASE("proxy: a time that is up is no reason to repeat") {
  const LoopbackServer server({answering("", true)});
  auto proxy = Proxy::connect(server.uri()).value();
  CHECK(proxy.invoke("do", {}, {}, {.timeout_ms = 20, .retries = 5}).error().kind == ClientErrorKind::timeout);
}

TEST_CASE("proxy: item streams where a server makes nonsense of them") {
  Message opened;
  opened.type = MessageType::result;
  opened.serializer_id = wire_id(Dialect::pyro5, SerializerName::serpent);
  opened.flags.item_stream = true;
  opened.annotations = {{"STRM", "id"}};
  const LoopbackServer server({[&opened](LoopbackPeer& peer) {
    shake_hands(peer, Dialect::pyro5);
    for (std::uint16_t sequence = 1; sequence <= 5; ++sequence) {
      std::string request = peer.receive();
      const Message asked = messages_of(request).front();
      if (asked.flags.oneway) continue;  // close_stream
      Message answer = opened;
      answer.sequence = asked.sequence;
      Bytes bytes;
      append_message(bytes, std::move(answer), "");
      peer.send(bytes);
    }
  }});
  auto proxy = Proxy::connect(server.uri()).value();
  auto stream = proxy.open_stream("items");
  REQUIRE(stream.has_value());
  CHECK(stream->next().error().text == "an item of the stream is a stream itself");
  CHECK(proxy.read_attribute("x").error().kind == ClientErrorKind::protocol);
  CHECK(proxy.invoke_batch(Batch().call("a")).error().kind == ClientErrorKind::protocol);
}

TEST_CASE("proxy: a batch runs up to its first failure") {
  for (const Dialect dialect : dialects) {
    NameServers servers;
    const LoopbackServer server({servers.handler(dialect)});
    ClientSettings settings;
    settings.first_dialect = dialect;
    auto proxy = Proxy::connect(server.uri(), settings);
    REQUIRE(proxy.has_value());
    Dict safe;
    safe.add("safe", true);
    auto results =
        proxy->invoke_batch({{"register", {"a", "PYRO:a@h:1"}}, {"count"}, {"lookup", {"nobody"}}, {"count"}});
    REQUIRE_MESSAGE(results.has_value(), results.error().text);
    REQUIRE(results->size() == 3);
    CHECK((*results)[0].value() == Value());
    CHECK((*results)[1].value() == Value(2));
    CHECK((*results)[2].error().kind == ClientErrorKind::remote);
    CHECK((*results)[2].error().text == "NamingError: unknown name: nobody");
    results = proxy->invoke_batch({{"register", {"a", "PYRO:b@h:1"}, safe}});
    CHECK(results.value().at(0).error().text == "NamingError: name already registered: a");
    CHECK(proxy->invoke_batch({}).value().empty());
    CHECK(proxy->invoke_batch({{"no_such_method"}}).error().kind == ClientErrorKind::remote);
    CHECK(proxy->invoke("count").value() == Value(2));  // the connection is open
  }
}

TEST_CASE("proxy: an answer to a batch that cannot be one") {
  const auto wrapped =
      wrap_batch_exception(exception_value(raise("NamingError", "x").value(), Dialect::pyro5), Dialect::pyro5);
  for (const Value& answer : {Value("text"), make_list({1}), make_list({1, 2, 3}), make_list({wrapped, 2})}) {
    const LoopbackServer server({[&answer](LoopbackPeer& peer) {
      shake_hands(peer, Dialect::pyro5);
      static_cast<void>(peer.receive());
      peer.send(result_bytes(Dialect::pyro5, answer, 1));
    }});
    auto proxy = Proxy::connect(server.uri(), {});
    REQUIRE(proxy.has_value());
    CHECK(proxy->invoke_batch({{"ping"}, {"ping"}}).error().kind == ClientErrorKind::protocol);
    CHECK_FALSE(proxy->is_connected());
  }
}

TEST_CASE("proxy: what cannot be sent leaves the connection open") {
  NameServers servers;
  const LoopbackServer server({servers.handler(Dialect::pyro5)});
  ClientSettings settings;
  settings.serializer = SerializerName::json;
  auto proxy = Proxy::connect(server.uri(), settings);
  REQUIRE(proxy.has_value());
  CHECK(proxy->invoke("lookup", {ByteString{"json knows no bytes"}}).error().kind == ClientErrorKind::invalid);
  CHECK(proxy->invoke("count").value() == Value(1));
}

}  // namespace hearth::test
