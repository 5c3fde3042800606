// Proxies on a loop with servers that are slow, silent or gone: what is told, what never is, and that everything is closed.
#include <hearth/tls.h>
#include <hearth/uv/proxy.h>

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <vector>

#include "tests/pyro4/programs.h"
#include "tests/support/certificates.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/client-lib/loopback_server.h"
#include "tests/unit/client-lib/pyro_replies.h"
#include "tests/unit/client-lib/uv/on_loop.h"

namespace hearth::test {
namespace {

/// How far a server goes with a client, before it says nothing more.
enum class Stage : unsigned char { asked, dialling, greeted, called };

constexpr Stage all_stages[] = {Stage::asked, Stage::dialling, Stage::greeted, Stage::called};

/// Goes so far and tells the loop.
LoopbackServer::Handler silent_from(Stage stage, OnLoop& on_loop) {
  return [stage, &on_loop](LoopbackPeer& peer) {
    if (stage == Stage::called) shake_hands(peer, Dialect::pyro5);
    static_cast<void>(peer.receive());
    on_loop.wake();
    peer.wait_for_end();
  };
}

void go_to(Stage stage, OnLoop& on_loop) {
  if (stage == Stage::asked) return;
  stage == Stage::dialling ? on_loop.run_one_turn() : on_loop.run();
}

/// A proxy of an object at a server of the test, with a call under way that is at a certain stage.
struct Underway {
  explicit Underway(Stage stage) : server(handlers(stage)) {
    proxy.emplace(on_loop.client(), server.uri("object"));
    operation = proxy->invoke("method").then([this](const ClientResult<Value>&) { ++told; });
    go_to(stage, on_loop);
  }

  /// None where nobody will connect.
  std::vector<LoopbackServer::Handler> handlers(Stage stage) {
    if (stage == Stage::asked) return {};
    return {silent_from(stage, on_loop)};
  }

  OnLoop on_loop;
  LoopbackServer server;
  std::optional<uv::Proxy> proxy;
  uv::Operation operation;
  int told = 0;
};

/// Serves calls: the number of each, as its answer.
LoopbackServer::Handler counting(int calls) {
  return [calls](LoopbackPeer& peer) {
    shake_hands(peer, Dialect::pyro5);
    Framer framer(1U << 20);
    int answered = 0;
    while (answered < calls) {
      const std::string bytes = peer.receive();
      if (bytes.empty()) return;
      framer.append(bytes);
      for (auto message = framer.next(); message && *message; message = framer.next()) {
        peer.send(result_bytes(Dialect::pyro5, ++answered, (*message)->sequence));
      }
    }
    peer.wait_for_end();
  };
}

}  // namespace

TEST_CASE("uv proxy: destroyed at any stage, it tells nothing and leaves nothing open") {
  for (const Stage stage : all_stages) {
    CAPTURE(static_cast<int>(stage));
    Underway call(stage);
    call.proxy.reset();
    call.on_loop.run_to_the_end();
    CHECK(call.told == 0);
  }
}

TEST_CASE("uv proxy: cancelled at any stage, a call is not answered") {
  for (const Stage stage : all_stages) {
    CAPTURE(static_cast<int>(stage));
    Underway call(stage);
    call.operation.cancel();
    call.operation.cancel();  // twice is once
    call.on_loop.run_one_turn();
    call.proxy.reset();
    call.on_loop.run_to_the_end();
    CHECK(call.told == 0);
  }
}

TEST_CASE("uv proxy: it outlives its Client, and Requests outlive it") {
  OnLoop on_loop;
  const LoopbackServer server({counting(1)});
  auto proxy = std::make_unique<uv::Proxy>(on_loop.client(), server.uri("object"));
  on_loop.drop_client();
  CHECK(on_loop.answer_to(proxy->call<int>("method")).value() == 1);
  bool told = false;
  auto request = proxy->call<int>("method");
  proxy.reset();
  std::move(request).then([&](const ClientResult<int>&) { told = true; });
  on_loop.run_to_the_end();
  CHECK_FALSE(told);
}

TEST_CASE("uv proxy: many calls are under way on one connection, and answered in their order") {
  constexpr int calls = 300;
  OnLoop on_loop;
  const LoopbackServer server({counting(calls)});  // a second connection would be refused
  uv::Proxy proxy(on_loop.client(), server.uri("object"));
  std::vector<int> answers;
  for (int i = 0; i < calls; ++i) {
    auto operation = proxy.call<int>("method").then([&](const ClientResult<int>& answer) {
      answers.push_back(answer.value());
      if (answers.size() == calls - calls / 10) on_loop.stop();
    });
    if (i % 10 == 5) operation.cancel();  // before it was sent: the others take its number
  }
  on_loop.run();
  for (std::size_t i = 0; i < answers.size(); ++i) CHECK(answers[i] == static_cast<int>(i) + 1);
}

TEST_CASE("uv proxy: a callback may destroy the proxy; the calls behind are not answered") {
  OnLoop on_loop;
  const LoopbackServer server({counting(3)});
  auto proxy = std::make_unique<uv::Proxy>(on_loop.client(), server.uri("object"));
  int told = 0;
  for (int i = 0; i < 3; ++i) {
    proxy->invoke("method").then([&](const ClientResult<Value>&) {
      ++told;
      proxy.reset();
    });
  }
  on_loop.run_to_the_end();
  CHECK(told == 1);
}

TEST_CASE("uv proxy: a callback may begin the next call, and cancel others") {
  OnLoop on_loop;
  const LoopbackServer server({counting(3)});
  uv::Proxy proxy(on_loop.client(), server.uri("object"));
  uv::Operation second;
  std::vector<int> answers;
  proxy.call<int>("method").then([&](const ClientResult<int>& first) {
    answers.push_back(first.value());
    second.cancel();
    proxy.call<int>("method").then([&](const ClientResult<int>& third) {
      answers.push_back(third.value());
      on_loop.stop();
    });
  });
  second = proxy.call<int>("method").then([&](const ClientResult<int>& answer) { answers.push_back(answer.value()); });
  on_loop.run();
  CHECK(answers == std::vector{1, 3});  // the second was sent, and is passed over
}

TEST_CASE("uv proxy: deadlines") {
  SUBCASE("of a call") {
    Underway call(Stage::called);
    auto late = call.on_loop.answer_to(call.proxy->invoke("method", {}, {}, {.timeout_ms = 20}));
    CHECK(late.error().kind == ClientErrorKind::timeout);
    CHECK(call.told == 0);  // it has a minute
    call.proxy.reset();
    call.on_loop.run_to_the_end();
  }
  SUBCASE("of the greeting") {
    ClientSettings settings;
    settings.connect_timeout_ms = 20;
    OnLoop on_loop(settings);
    const LoopbackServer server({[](LoopbackPeer& peer) { peer.wait_for_end(); }});
    uv::Proxy proxy(on_loop.client(), server.uri("object"));
    CHECK(on_loop.answer_to(proxy.connect()).error().kind == ClientErrorKind::timeout);
  }
}

TEST_CASE("uv proxy: nobody is there, or goes before the answer") {
  OnLoop on_loop;
  const LoopbackServer deaf({});
  uv::Proxy nobody(on_loop.client(), deaf.uri("object"));
  CHECK(on_loop.answer_to(nobody.invoke("method")).error().kind == ClientErrorKind::unreachable);

  const LoopbackServer leaving({[](LoopbackPeer& peer) {
                                  shake_hands(peer, Dialect::pyro5);
                                  static_cast<void>(peer.receive());
                                },
                                counting(1)});
  uv::Proxy proxy(on_loop.client(), leaving.uri("object"));
  CHECK(on_loop.answer_to(proxy.invoke("method")).error().kind == ClientErrorKind::unreachable);
  CHECK_FALSE(proxy.is_connected());
  CHECK(on_loop.answer_to(proxy.call<int>("method")).value() == 1);  // on a new connection
}

TEST_CASE("uv proxy: a lost call is made again as often as it may") {
  OnLoop on_loop;
  const auto leaving = [](LoopbackPeer& peer) {
    shake_hands(peer, Dialect::pyro5);
    static_cast<void>(peer.receive());
  };
  const LoopbackServer server({leaving, leaving, counting(1)});
  uv::Proxy proxy(on_loop.client(), server.uri("object"));
  auto answer = on_loop.answer_to(proxy.invoke("method", {}, {}, {.retries = 2}));
  CHECK(answer.value() == Value(1));
}

TEST_CASE("uv proxy: over TLS, and only to whom our CA knows") {
  const TempDir directory;
  const TestAuthority authority(directory.path(), "lab");
  const TestAuthority other(directory.path(), "other");
  const TlsFiles files = authority.issue("server");
  const NameServerProgram server(NameServerProgram::Make::hearthd, 0,
                                 {"--ssl", "--ssl-servercert", files.certificate, "--ssl-serverkey", files.key});
  const auto count = [&](const std::string& authorities) {
    ClientSettings settings;
    TlsFiles trusted;
    trusted.authorities = authorities;
    settings.tls = client_tls(trusted).value();
    OnLoop on_loop(settings);
    uv::Proxy proxy(on_loop.client(), server.uri());
    return on_loop.answer_to(proxy.invoke("count"));
  };
  CHECK(count(authority.file()).value() == Value(1));
  const auto refused = count(other.file());
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == ClientErrorKind::protocol);
  CAPTURE(refused.error().text);
  CHECK(refused.error().text.find("certificate") != std::string::npos);
}

TEST_CASE("uv proxy: nothing is sent in clear to a server that speaks no TLS") {
  ClientSettings settings;
  settings.tls = client_tls({}).value();
  OnLoop on_loop(settings);
  std::string heard;
  const LoopbackServer clear({[&heard](LoopbackPeer& peer) {
    heard = peer.receive();
    peer.send("PYRO");
  }});
  uv::Proxy proxy(on_loop.client(), clear.uri("object"));
  CHECK_FALSE(on_loop.answer_to(proxy.invoke("method")).has_value());
  CHECK(heard.find("PYRO") == std::string::npos);
}

TEST_CASE("uv proxy: a URI without a place") {
  OnLoop on_loop;
  Uri nowhere;
  nowhere.protocol = "PYRO";
  nowhere.object = "object";
  uv::Proxy proxy(on_loop.client(), nowhere);
  CHECK(on_loop.answer_to(proxy.invoke("method")).error().kind == ClientErrorKind::invalid);
}

}  // namespace hearth::test
