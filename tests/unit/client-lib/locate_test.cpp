// Where locate() looks, in which order, and what it tells when there is nobody.
#include <hearth/locate.h>

#include <doctest/doctest.h>

#include "tests/unit/client-lib/pyro_handlers.h"
#include "tests/unit/client-lib/udp_responder.h"

namespace hearth::test {
namespace {

/// A server that refuses connections, on a port that nobody else gets meanwhile.
LoopbackServer nobody() { return LoopbackServer(std::vector<LoopbackServer::Handler>{}); }

/// A machine with nothing on it, and a network of which only this machine is left.
ClientSettings lonely(const LoopbackServer& dead) {
  ClientSettings settings;
  settings.name_server_host = "127.0.0.1";
  settings.name_server_port = dead.port();
  settings.broadcast_addresses = {"127.0.0.1"};
  settings.broadcast_port = dead.port();
  settings.broadcast_wait_ms = 1;
  settings.broadcast_rounds = 2;
  return settings;
}

}  // namespace

TEST_CASE("locate: at a given host") {
  NameServers servers;
  const LoopbackServer server({servers.handler(Dialect::pyro5)});
  auto found = locate({.host = "127.0.0.1", .port = server.port()}, {});
  REQUIRE_MESSAGE(found.has_value(), found.error().text());
  CHECK(found->uri().text() == "PYRO:Pyro.NameServer@" + server.place());
  CHECK(found->count().value() == 1);

  const LoopbackServer dead = nobody();
  const auto missing = locate({.host = "127.0.0.1", .port = dead.port()}, {});
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().text() == dead.place() + " refused the connection");
  CHECK_FALSE(missing.error().somebody_answered());
}

TEST_CASE("locate: on this machine, without a broadcast") {
  NameServers servers;
  const LoopbackServer server({servers.handler(Dialect::pyro5), servers.handler(Dialect::pyro5)});
  const LoopbackServer dead = nobody();
  ClientSettings settings = lonely(dead);
  CHECK(locate({.port = server.port()}, settings).has_value());
  settings.name_server_port = server.port();
  CHECK(locate({}, settings).has_value());
}

TEST_CASE("locate: by broadcast") {
  NameServers servers;
  const LoopbackServer server({servers.handler(Dialect::pyro5)});
  const LoopbackServer dead = nobody();
  const UdpResponder responder({{"nonsense"}, {"PYRONAME:other"}, {"PYRO:Pyro.NameServer@" + server.place()}});
  ClientSettings settings = lonely(dead);
  settings.broadcast_port = responder.port();
  settings.broadcast_wait_ms = 5;
  settings.broadcast_rounds = 10000;  // until the responder's thread has had its turns
  const auto found = locate({}, settings);
  REQUIRE_MESSAGE(found.has_value(), found.error().text());
  CHECK(found->uri().location() == server.place());
}

TEST_CASE("locate: each step is told") {
  const LoopbackServer dead = nobody();
  const LoopbackServer refusing({refusing_in(Dialect::pyro5, "no free workers")});
  ClientSettings settings = lonely(dead);
  const std::string silence = "no answer to the broadcast on UDP port " + std::to_string(dead.port());

  const auto alone = locate({}, settings);
  REQUIRE_FALSE(alone.has_value());
  CHECK(alone.error().text() == dead.place() + " refused the connection; " + silence);
  CHECK_FALSE(alone.error().somebody_answered());

  settings.name_server_port = refusing.port();
  const auto refused = locate({.port = dead.port()}, settings);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().text() == dead.place() + " refused the connection; " + silence + "; " + refusing.place() +
                                      " rejected the connection: no free workers");
  CHECK(refused.error().somebody_answered());

  settings.preferred_ip_version = 6;
  settings.name_server_port = dead.port();
  CHECK(locate({}, settings).error().text() == dead.place() + " refused the connection");
}

TEST_CASE("locate: an answer to the broadcast that leads nowhere") {
  const LoopbackServer dead = nobody();
  const UdpResponder responder({{"PYRO:Pyro.NameServer@" + dead.place()}});
  ClientSettings settings = lonely(dead);
  settings.preferred_ip_version = 4;
  settings.broadcast_port = responder.port();
  settings.broadcast_wait_ms = 60000;
  const auto missing = locate({}, settings);
  REQUIRE_FALSE(missing.has_value());
  REQUIRE(missing.error().steps.size() == 2);
  CHECK(missing.error().steps[1].text == "the broadcast on UDP port " + std::to_string(responder.port()) +
                                             " was answered with PYRO:Pyro.NameServer@" + dead.place() + ", but " +
                                             dead.place() + " refused the connection");
}

TEST_CASE("locate all: everything that answers, each responder once") {
  NameServers servers;
  const LoopbackServer server({servers.handler(Dialect::pyro5)});
  // The second and the third are what one responder that serves all its addresses says to two questions; the fifth was sent
  // twice.
  const UdpResponder responder(
      {{"nonsense", "PYRO:Pyro.NameServer@192.0.2.1:7", "PYRO:Pyro.NameServer@127.0.0.1:7",
        "PYRO:Pyro.NameServer@127.0.0.1:8", "PYRO:other@127.0.0.1:7", "PYRO:other@127.0.0.1:7"}});
  ClientSettings settings = lonely(server);
  settings.broadcast_port = responder.port();
  settings.broadcast_wait_ms = 300;
  settings.broadcast_rounds = 1;
  const std::vector<FoundNameServer> all = locate_all({}, settings);
  REQUIRE(all.size() == 4);
  CHECK(all[0].way == FoundNameServer::Way::direct);
  CHECK(all[0].address == server.place());
  CHECK(all[0].uri.text() == "PYRO:Pyro.NameServer@" + server.place());
  const std::string uris[] = {"PYRO:Pyro.NameServer@192.0.2.1:7", "PYRO:Pyro.NameServer@127.0.0.1:8",
                              "PYRO:other@127.0.0.1:7"};
  for (std::size_t i = 1; i < all.size(); ++i) {
    CHECK(all[i].way == FoundNameServer::Way::broadcast);
    CHECK(all[i].address == "127.0.0.1:" + std::to_string(responder.port()));
    CHECK(all[i].uri.text() == uris[i - 1]);
  }
  const LoopbackServer dead = nobody();
  CHECK(locate_all({.host = "127.0.0.1", .port = dead.port()}, settings).empty());
}

TEST_CASE("locate all: a hostile network costs no more than the limit") {
  const LoopbackServer dead = nobody();
  std::vector<std::string> flood;
  for (int port = 1; port <= 100; ++port) flood.push_back("PYRO:Pyro.NameServer@192.0.2.1:" + std::to_string(port));
  const UdpResponder responder({flood});
  ClientSettings settings = lonely(dead);
  settings.broadcast_port = responder.port();
  settings.broadcast_wait_ms = 60000;  // it does not wait so long once it has enough
  settings.broadcast_rounds = 1;
  CHECK(locate_all({}, settings).size() == Limits().broadcast_answers_max);
}

}  // namespace hearth::test
