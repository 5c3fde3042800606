// Waiting that would never end, ended by somebody else.
#include <hearth/interrupt.h>
#include <hearth/name_server.h>

#include <doctest/doctest.h>

#include <thread>

#include "client-lib/src/deadline.h"
#include "tests/unit/client-lib/pyro_handlers.h"

namespace hearth::test {
namespace {

/// Waits for ever, unless it is interrupted.
ClientSettings patient(const std::shared_ptr<Interrupt>& interrupt) {
  ClientSettings settings;
  settings.connect_timeout_ms = 0;
  settings.call_timeout_ms = 0;
  settings.interrupt = interrupt;
  return settings;
}

}  // namespace

TEST_CASE("interrupt: a call that gets no answer") {
  const auto interrupt = Interrupt::create().value();
  const LoopbackServer server({[&](LoopbackPeer& peer) {
                                 shake_hands(peer, Dialect::pyro5);
                                 static_cast<void>(peer.receive());
                                 interrupt->set();
                                 peer.wait_for_end();
                               },
                               [](LoopbackPeer& peer) { shake_hands(peer, Dialect::pyro5); }});
  Proxy proxy = Proxy::connect(server.uri(), patient(interrupt)).value();
  CHECK(proxy.invoke("ping").error().kind == ClientErrorKind::timeout);
  CHECK_FALSE(proxy.is_connected());
  interrupt->clear();
  CHECK_FALSE(interrupt->is_set());
  CHECK(Proxy::connect(server.uri(), patient(interrupt)).has_value());
}

TEST_CASE("interrupt: a server that does not shake hands") {
  const auto interrupt = Interrupt::create().value();
  const LoopbackServer server({[&](LoopbackPeer& peer) {
    interrupt->set();
    peer.wait_for_end();
  }});
  CHECK(Proxy::connect(server.uri(), patient(interrupt)).error().kind == ClientErrorKind::timeout);
}

TEST_CASE("interrupt: who waits for the end of a connection, or for a name") {
  const auto interrupt = Interrupt::create().value();
  NameServers servers;
  const LoopbackServer server({servers.handler(Dialect::pyro5)});
  NameServerClient client(Proxy::connect(server.uri(), patient(interrupt)).value());
  for (int round = 0; round < 2; ++round) {
    std::thread somebody([&] { interrupt->set(); });
    if (round == 0) {
      CHECK_FALSE(client.wait_for_end(0));
    } else {
      CHECK(client.wait_for_name("never", 0).error().kind == ClientErrorKind::timeout);
    }
    somebody.join();
    interrupt->clear();
  }
}

TEST_CASE("interrupt: the end of a connection is waited for, whatever comes before") {
  const LoopbackServer server({[](LoopbackPeer& peer) {
    shake_hands(peer, Dialect::pyro5);
    peer.send("what nobody has asked for");
  }});
  const Proxy proxy = Proxy::connect(server.uri()).value();
  CHECK(proxy.wait_for_end(0));
  CHECK_FALSE(proxy.is_connected());
  CHECK(proxy.wait_for_end(0));  // it has come
}

TEST_CASE("deadline: over once it is interrupted") {
  const auto interrupt = Interrupt::create().value();
  const Deadline deadline = Deadline::after_ms(0, interrupt.get());
  CHECK(deadline.poll_timeout_ms() == -1);
  interrupt->set();
  for (const Deadline& each : {deadline, deadline.share(2), deadline.at_most_ms(1000)}) {
    CHECK(each.poll_timeout_ms() == 0);
    CHECK(each.left_ms() == 0);
  }
}

}  // namespace hearth::test
