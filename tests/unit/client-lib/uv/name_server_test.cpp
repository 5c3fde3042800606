// The asynchronous name server client with a real hearthd and Pyro's own name server.
#include <hearth/uv/name_server.h>

#include <doctest/doctest.h>

#include <string>

#include "tests/pyro4/programs.h"
#include "tests/unit/client-lib/loopback_server.h"
#include "tests/unit/client-lib/uv/on_loop.h"

namespace hearth::test {
namespace {

NameServerPlace place_of(const NameServerProgram& program) {
  return {.host = "127.0.0.1", .port = static_cast<std::uint16_t>(program.port())};
}

}  // namespace

TEST_CASE("uv name server: every method, with both makes") {
  for (const auto make : both_makes) {
    const NameServerProgram program(make);
    OnLoop on_loop;
    auto server = on_loop.answer_to(on_loop.client().locate(place_of(program))).value();
    CHECK(server.proxy().is_connected());
    CHECK(on_loop.answer_to(server.ping()).has_value());
    CHECK(on_loop.answer_to(server.register_name("a.one", "PYRO:one@localhost:4444", {"tag"})).has_value());
    CHECK(on_loop.answer_to(server.register_name("a.two", "PYRO:two@localhost:4444")).has_value());
    CHECK(on_loop.answer_to(server.register_name("a.two", "PYRO:x@localhost:1", {}, uv::NameServer::IfTaken::fail))
              .error()
              .kind == ClientErrorKind::name_taken);
    CHECK(on_loop.answer_to(server.count()).value() == 3);
    CHECK(on_loop.answer_to(server.lookup("a.one")).value().uri == "PYRO:one@localhost:4444");
    CHECK(on_loop.answer_to(server.lookup("nobody")).error().kind == ClientErrorKind::unknown_name);
    CHECK(on_loop.answer_to(server.set_metadata("a.two", {"tag", "other"})).has_value());
    CHECK(on_loop.answer_to(server.list(NameFilter::all_tags({"tag"}))).value().size() == 2);
    CHECK(on_loop.answer_to(server.list(NameFilter::any_tag({"other"}))).value().size() == 1);
    CHECK(on_loop.answer_to(server.list(NameFilter::all_tags({}))).value().empty());
    const NameListing all = on_loop.answer_to(server.list()).value();
    CHECK(all.size() == 3);
    CHECK(all[1].name == "a.one");
    CHECK(on_loop.answer_to(on_loop.client().resolve(parse_uri("PYRONAME:a.one@" + program.place()).value()))
              .value()
              .text() == "PYRO:one@localhost:4444");
    CHECK(on_loop.answer_to(server.remove_by_prefix("a.")).value() == 2);
  }
}

TEST_CASE("uv name server: a thousand lookups under way") {
  const NameServerProgram program(NameServerProgram::Make::hearthd);
  OnLoop on_loop;
  auto server = on_loop.answer_to(on_loop.client().locate(place_of(program))).value();
  int answered = 0;
  for (int i = 0; i < 1000; ++i) {
    server.lookup("Pyro.NameServer").then([&](const ClientResult<NameEntry>& entry) {
      CHECK(entry.has_value());
      if (++answered == 1000) on_loop.stop();
    });
  }
  on_loop.run();
  CHECK(answered == 1000);
}

TEST_CASE("uv name server: waiting for a name, for tags, in vain") {
  const NameServerProgram program(NameServerProgram::Make::hearthd);
  ClientSettings settings;
  settings.retry_wait_ms = 1;
  settings.retry_wait_ms_max = 5;
  OnLoop on_loop(settings);
  auto server = on_loop.answer_to(on_loop.client().locate(place_of(program))).value();
  int found = 0;
  server.wait_for_name("late", 0).then([&](const ClientResult<NameEntry>& entry) {
    CHECK(entry.value().uri == "PYRO:late@localhost:4444");
    if (++found == 2) on_loop.stop();
  });
  server.wait_for_tags({"late"}, 0).then([&](const ClientResult<NameListing>& entries) {
    CHECK(entries.value().size() == 1);
    if (++found == 2) on_loop.stop();
  });
  auto cancelled =
      server.wait_for_name("late", 0).then([&](const ClientResult<NameEntry>&) { FAIL("it was cancelled"); });
  CHECK(on_loop.answer_to(server.lookup("late")).error().kind == ClientErrorKind::unknown_name);
  cancelled.cancel();
  CHECK(on_loop.answer_to(server.register_name("late", "PYRO:late@localhost:4444", {"late"})).has_value());
  while (found < 2) on_loop.run();
  CHECK(on_loop.answer_to(server.wait_for_name("never", 10)).error().kind == ClientErrorKind::timeout);
}

TEST_CASE("uv name server: no server: every step is told") {
  const LoopbackServer deaf({});
  OnLoop on_loop;
  const auto failure = on_loop.answer_to(on_loop.client().locate({.host = "127.0.0.1", .port = deaf.port()}));
  CHECK(failure.error().steps.at(0).kind == ClientErrorKind::unreachable);
  CHECK_FALSE(failure.error().somebody_answered());
}

TEST_CASE("uv name server: a search that is given up, or whose Client is gone, tells nothing") {
  OnLoop on_loop;
  const auto silent = [&on_loop](LoopbackPeer& peer) {
    static_cast<void>(peer.receive());
    on_loop.wake();
    peer.wait_for_end();
  };
  const LoopbackServer server({silent, silent});
  const NameServerPlace place{.host = "127.0.0.1", .port = server.port()};
  int told = 0;
  on_loop.client().locate(place).then([&](const auto&) { ++told; });
  auto second = on_loop.client().locate(place).then([&](const auto&) { ++told; });
  on_loop.run();
  second.cancel();
  on_loop.run_to_the_end();
  CHECK(told == 0);
}

}  // namespace hearth::test
