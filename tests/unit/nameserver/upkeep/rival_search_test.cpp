#include "nameserver/upkeep/rival_search.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "protocol/wire/discovery.h"
#include "tests/support/socket_peer.h"
#include "tests/support/udp_peer.h"

namespace hearth {
namespace {

Limits quick_limits() {
  Limits limits;
  limits.rival_search_window_ms = 20;
  limits.rival_search_period_ms = 40;
  return limits;
}

struct Fixture {
  /// Asks one peer on 127.0.0.1, again and again.
  Fixture()
      : announcement(Announcement::of("PYRO:Pyro.NameServer", {{"127.0.0.1:7777", "127.0.0.1", 7777}}).value()),
        search(loop, {{"127.0.0.1"}, peer.port()}, announcement, limits) {
    search.start();
  }

  /// Answers every question until the search knows of somebody: on a slow machine an answer may be late for its search.
  void answer_until_known(const std::vector<std::string>& uris) {
    run_until(loop, [&] {
      while (const auto question = peer.receive_if_there()) {
        CHECK(question->bytes == discovery_question);
        for (const std::string& uri : uris) peer.send(uri, question->port);
      }
      return !search.known().empty();
    });
  }

  Loop loop;
  const UdpPeer peer;
  const Limits limits = quick_limits();
  const Announcement announcement;
  RivalSearch search;
};

}  // namespace

TEST_CASE("rival search: who answers with another URI than ours is a rival, until he is silent") {
  Fixture fixture;
  fixture.answer_until_known({"PYRO:Pyro.NameServer@192.0.2.7:9090"});
  REQUIRE(fixture.search.known().size() == 1);
  CHECK(fixture.search.known()[0].address == "127.0.0.1:" + std::to_string(fixture.peer.port()));
  CHECK(fixture.search.known()[0].uri == "PYRO:Pyro.NameServer@192.0.2.7:9090");
  run_until(fixture.loop, [&] { return fixture.search.known().empty(); });
}

TEST_CASE("rival search: our own answer is none") {
  Fixture fixture;
  fixture.answer_until_known({"PYRO:Pyro.NameServer@127.0.0.1:7777", "PYRO:Pyro.NameServer@192.0.2.7:9090"});
  REQUIRE(fixture.search.known().size() == 1);
  CHECK(fixture.search.known()[0].uri == "PYRO:Pyro.NameServer@192.0.2.7:9090");
}

TEST_CASE("rival search: what cannot be printed is not") {
  Fixture fixture;
  fixture.answer_until_known({"PYRO:o@h\x1b[31m\n:1'\x9b"});
  REQUIRE(fixture.search.known().size() == 1);
  CHECK(fixture.search.known()[0].uri == "PYRO:o@h\\x1b[31m\\n:1'\\x9b");
}

TEST_CASE("rival search: stopped, it asks nobody any more") {
  Fixture fixture;
  fixture.search.stop();
  CHECK(fixture.peer.receive().bytes == discovery_question);  // the one of the start
  fixture.loop.run();                                         // nothing left to wait for
  CHECK_FALSE(fixture.peer.receive_if_there());
}

TEST_CASE("rival search: a host that cannot be resolved is left out, one that cannot be reached costs nothing") {
  Loop loop;
  const UdpPeer peer;
  const Limits limits = quick_limits();
  const auto announcement = Announcement::of("PYRO:Pyro.NameServer", {{"127.0.0.1:7777", "127.0.0.1", 7777}}).value();
  RivalSearch search(loop, {{"no such host", "127.0.0.1"}, peer.port()}, announcement, limits);
  bool ended = false;
  search.search([&] { ended = true; });
  run_until(loop, [&] { return ended; });
  CHECK(peer.receive().bytes == discovery_question);
  CHECK(search.known().empty());
}

}  // namespace hearth
