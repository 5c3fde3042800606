// The asynchronous client with a real Pyro4 daemon.
#include <hearth/uv/proxy.h>

#include <doctest/doctest.h>

#include <memory>
#include <vector>

#include "tests/pyro4/programs.h"
#include "tests/unit/client-lib/uv/on_loop.h"

namespace hearth::test {

TEST_CASE("uv pyro4: calls, exceptions and attributes") {
  const Daemon daemon;
  OnLoop on_loop;
  uv::Proxy proxy(on_loop.client(), daemon.uri());
  CHECK(on_loop.answer_to(proxy.call<int>("add", 1, 2)).value() == 3);
  CHECK(proxy.dialect() == Dialect::pyro4);
  CHECK(proxy.metadata().methods.contains("add"));
  CHECK(on_loop.answer_to(proxy.call<Point>("mirrored", Point{1, 2})).value() == Point{2, 1});
  const auto raised = on_loop.answer_to(proxy.call<double>("divide", 1, 0));
  CHECK(raised.error().kind == ClientErrorKind::remote);
  CHECK(raised.error().exception->type == "builtins.ZeroDivisionError");
  CHECK(on_loop.answer_to(proxy.call<std::string>("add", 1, 2)).error().kind == ClientErrorKind::protocol);
  CHECK(on_loop.answer_to(proxy.set("counter", 7)).has_value());
  CHECK(on_loop.answer_to(proxy.get<int>("counter")).value() == 7);
  CHECK(on_loop.answer_to(proxy.invoke("no_such_method")).error().kind == ClientErrorKind::remote);
}

TEST_CASE("uv pyro4: batches, and oneway calls that take effect in their order") {
  const Daemon daemon;
  OnLoop on_loop;
  uv::Proxy proxy(on_loop.client(), daemon.uri());
  const auto results =
      on_loop.answer_to(proxy.invoke_batch(Batch().call("add", 1, 2).call("divide", 1, 0).call("add", 3, 4))).value();
  CHECK(results.size() == 2);
  CHECK(results[0].value() == Value(3));
  CHECK(results[1].error().kind == ClientErrorKind::remote);
  CHECK(on_loop.answer_to(proxy.call("remember", "a")).has_value());
  CHECK(on_loop.answer_to(proxy.call("remember", "b")).has_value());
  CHECK(on_loop.answer_to(proxy.call<std::vector<std::string>>("remembered", 2)).value().size() == 2);
}

TEST_CASE("uv pyro4: item streams: exhausted, abandoned, failing") {
  const Daemon daemon;
  OnLoop on_loop;
  uv::Proxy proxy(on_loop.client(), daemon.uri());
  {
    auto abandoned = on_loop.answer_to(proxy.open_stream("count_to", {1000000})).value();
    CHECK(on_loop.answer_to(abandoned.next_as<int>()).value() == 1);
  }
  CHECK(on_loop.answer_to(proxy.call<int>("streams_closed", 1)).value() == 1);
  auto stream = on_loop.answer_to(proxy.open_stream("count_to", {3})).value();
  for (int i = 1; i <= 3; ++i) CHECK(on_loop.answer_to(stream.next_as<int>()).value() == i);
  CHECK(on_loop.answer_to(stream.next()).value() == std::nullopt);
  CHECK(on_loop.answer_to(stream.next()).value() == std::nullopt);
  auto failing = on_loop.answer_to(proxy.open_stream("fail_after", {1})).value();
  CHECK(on_loop.answer_to(failing.next_as<int>()).value() == 0);
  CHECK(on_loop.answer_to(failing.next()).error().kind == ClientErrorKind::remote);
}

TEST_CASE("uv pyro4: more connections let calls run at the same time") {
  const Daemon daemon;
  OnLoop on_loop;
  uv::Proxy proxy(on_loop.client(), daemon.uri(), {.connections_max = 3});
  std::size_t answered = 0;
  for (int i = 0; i < 2; ++i) {
    proxy.invoke("remembered", {1}).then([&](const ClientResult<Value>& texts) {
      CHECK(texts.has_value());
      if (++answered == 2) on_loop.stop();
    });
  }
  CHECK(on_loop.answer_to(proxy.call("remember", "what the others wait for")).has_value());
  while (answered < 2) on_loop.run();
}

TEST_CASE("uv pyro4: a call without an answer holds up nobody but those behind it") {
  const Daemon daemon;
  OnLoop on_loop;
  uv::Proxy proxy(on_loop.client(), daemon.uri());
  CHECK(on_loop.answer_to(proxy.invoke("hang", {}, {}, {.timeout_ms = 20})).error().kind == ClientErrorKind::timeout);
  CHECK(on_loop.answer_to(proxy.call<int>("add", 1, 2)).value() == 3);  // on a new connection
}

TEST_CASE("uv pyro4: a server that dies, also in the middle of a reply") {
  for (const char* method : {"die", "die_in_the_reply"}) {
    const Daemon daemon;
    OnLoop on_loop;
    uv::Proxy proxy(on_loop.client(), daemon.uri());
    CHECK(on_loop.answer_to(proxy.invoke(method)).error().kind == ClientErrorKind::unreachable);
    CHECK(on_loop.answer_to(proxy.invoke("add", {1, 2})).error().kind == ClientErrorKind::unreachable);
  }
}

TEST_CASE("uv pyro4: an object that restarts elsewhere is found again by its name") {
  for (const auto make : both_makes) {
    const NameServerProgram name_server(make);
    const std::vector<std::string> registering{"--register", "example", "127.0.0.1",
                                               std::to_string(name_server.port())};
    auto daemon = std::make_unique<Daemon>(registering);
    OnLoop on_loop;
    uv::Proxy proxy(on_loop.client(), parse_uri("PYRONAME:example@" + name_server.place()).value());
    CHECK(on_loop.answer_to(proxy.call<int>("add", 1, 2)).value() == 3);
    daemon = std::make_unique<Daemon>(registering);
    auto answer = on_loop.answer_to(proxy.invoke("add", {3, 4}, {}, {.retries = 1}));
    CHECK(answer.value() == Value(7));
  }
}

}  // namespace hearth::test
