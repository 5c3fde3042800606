#include "nameserver/discovery/responder.h"

#include <doctest/doctest.h>

#include <string>

#include "protocol/wire/discovery.h"
#include "tests/support/socket_peer.h"
#include "tests/support/udp_peer.h"

namespace hearth {
namespace {

const std::string uri = "PYRO:Pyro.NameServer@127.0.0.1:7777";

struct Fixture {
  explicit Fixture(const Limits& limits = {})
      : announcement(Announcement::of("PYRO:Pyro.NameServer", {{"127.0.0.1:7777", "127.0.0.1", 7777}}).value()),
        responder(loop, make_socket(), announcement, limits) {}

  UdpSocket make_socket() {
    auto socket = UdpSocket::bind(loop, "127.0.0.1", 0);
    REQUIRE(socket);
    port = socket->bound_port();
    return std::move(*socket);
  }

  Loop loop;
  std::uint16_t port = 0;
  Announcement announcement;
  DiscoveryResponder responder;
};

}  // namespace

TEST_CASE("responder: the exact question is answered, nothing else") {
  Fixture fixture;
  fixture.responder.start();
  const UdpPeer peer;
  const UdpPeer asker;
  run_beside(fixture.loop, [&] {
    for (const std::string& bytes :
         {std::string(), std::string("GET_NSUR"), std::string("GET_NSURI\n"), std::string("get_nsuri"),
          std::string("GET_NSURI\0", 10), std::string(" GET_NSURI"), std::string(60000, 'G'),
          std::string("PYRO:Pyro.NameServer@127.0.0.1:7777")}) {
      peer.send(bytes, fixture.port);
    }
    asker.send(discovery_question, fixture.port);  // answered after all of these would have been
    CHECK(asker.receive().bytes == uri);
    CHECK_FALSE(peer.receive_if_there());
  });
}

TEST_CASE("responder: questions that came before the start are answered then") {
  Fixture fixture;
  const UdpPeer peer;
  peer.send(discovery_question, fixture.port);
  run_some_turns(fixture.loop);
  CHECK_FALSE(peer.receive_if_there());
  fixture.responder.start();
  run_beside(fixture.loop, [&] { CHECK(peer.receive().bytes == uri); });
}

TEST_CASE("responder: a source that has had its share waits, another one does not") {
  Limits limits;
  limits.discovery_burst_max = 2;
  limits.discovery_answers_per_second_max = 0;
  Fixture fixture(limits);
  fixture.responder.start();
  const UdpPeer flood("127.0.0.2");
  const UdpPeer other("127.0.0.3");
  run_beside(fixture.loop, [&] {
    for (int i = 0; i < 50; ++i) flood.send(discovery_question, fixture.port);
    other.send(discovery_question, fixture.port);
    CHECK(other.receive().bytes == uri);
    CHECK(flood.receive().bytes == uri);
    CHECK(flood.receive().bytes == uri);
    CHECK_FALSE(flood.receive_if_there());
  });
}

TEST_CASE("responder: closed, it is silent") {
  Fixture fixture;
  fixture.responder.start();
  const UdpPeer peer;
  fixture.responder.close();
  peer.send(discovery_question, fixture.port);
  run_some_turns(fixture.loop);
  CHECK_FALSE(peer.receive_if_there());
}

}  // namespace hearth
