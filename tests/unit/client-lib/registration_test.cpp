// A registration that is kept true, against the real object Pyro.NameServer.
#include <hearth/registration.h>
#include <hearth/registration_thread.h>

#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "client-lib/src/registration_rules.h"
#include "tests/support/pyro_client.h"
#include "tests/support/scripted_server.h"
#include "tests/unit/client-lib/pyro_handlers.h"

namespace hearth::test {
namespace {

constexpr Dialect dialects[] = {Dialect::pyro4, Dialect::pyro5};
const NameEntry ours{"example", "pyro:ours@h:1", {"t"}};

/// Looks whenever it is told to, with a connection for each look: the servers of these tests take one at a time.
RegistrationOptions options_for(std::uint16_t port, Dialect dialect) {
  RegistrationOptions options;
  options.name_server = {.host = "127.0.0.1", .port = port};
  options.settings.first_dialect = dialect;
  options.settings.retry_wait_ms = 1;
  options.settings.retry_wait_ms_max = 1;
  options.check_ms = 0;
  options.stays_connected = false;
  return options;
}

NameServerClient somebody_else(const LoopbackServer& server, Dialect dialect) {
  ClientSettings settings;
  settings.first_dialect = dialect;
  return NameServerClient(Proxy::connect(server.uri(), settings).value());
}

std::string uri_of_example(const LoopbackServer& server, Dialect dialect) {
  auto entry = somebody_else(server, dialect).lookup("example");
  return entry ? entry->uri : "none";
}

void forget_example(ScriptedNameServer& name_server) {
  PyroClient somebody(Dialect::pyro5);
  const ConnectionId connection = name_server.connect();
  static_cast<void>(name_server.exchange(connection, somebody.connect()));
  static_cast<void>(name_server.exchange(connection, somebody.call("remove", {"example"})));
  name_server.disconnect(connection);
}

}  // namespace

TEST_CASE("registration: renewed when it was forgotten, removed at the end") {
  for (const Dialect dialect : dialects) {
    NameServers servers;
    const LoopbackServer server(std::vector(8, servers.handler(dialect)));
    {
      auto registration = StandingRegistration::create(ours, options_for(server.port(), dialect));
      REQUIRE_MESSAGE(registration.has_value(), registration.error().text);
      CHECK(registration->entry().uri == "PYRO:ours@h:1");
      CHECK(registration->keep().value() == Kept::as_it_was);
      CHECK(somebody_else(server, dialect).remove("example").value() == 1);
      CHECK(registration->keep().value() == Kept::renewed);
      CHECK(somebody_else(server, dialect).lookup("example").value() == NameEntry{"example", "PYRO:ours@h:1", {"t"}});
    }
    CHECK(uri_of_example(server, dialect) == "none");
    CHECK(somebody_else(server, dialect).count().value() == 1);
  }
}

TEST_CASE("registration: gives way to whoever took the name over") {
  NameServers servers;
  const LoopbackServer server(std::vector(7, servers.handler(Dialect::pyro5)));
  {
    auto registration = StandingRegistration::create(ours, options_for(server.port(), Dialect::pyro5)).value();
    REQUIRE(somebody_else(server, Dialect::pyro5).register_name("example", "PYRO:theirs@h:1").has_value());
    const ClientError taken = registration.keep().error();
    CHECK(taken.kind == ClientErrorKind::name_taken);
    CHECK(taken.text == "example leads to PYRO:theirs@h:1 now, which is not ours");
    CHECK(registration.remove().error().kind == ClientErrorKind::name_taken);
    CHECK(registration.keep().value() == Kept::as_it_was);  // it is over
    CHECK(registration.remove().has_value());
  }
  CHECK(uri_of_example(server, Dialect::pyro5) == "PYRO:theirs@h:1");
  CHECK(somebody_else(server, Dialect::pyro5).remove("example").value() == 1);
  CHECK(uri_of_example(server, Dialect::pyro5) == "none");
}

TEST_CASE("registration: a name that is taken, or left by an earlier run") {
  NameServers servers;
  const LoopbackServer server(std::vector(8, servers.handler(Dialect::pyro4)));
  RegistrationOptions polite = options_for(server.port(), Dialect::pyro4);
  polite.if_taken = NameServerClient::IfTaken::fail;
  REQUIRE(somebody_else(server, Dialect::pyro4).register_name("example", "PYRO:theirs@h:1").has_value());
  CHECK(StandingRegistration::create(ours, polite).error().kind == ClientErrorKind::name_taken);
  {
    const auto pushy = StandingRegistration::create(ours, options_for(server.port(), Dialect::pyro4));
    CHECK(pushy.has_value());
    CHECK(uri_of_example(server, Dialect::pyro4) == "PYRO:ours@h:1");
    CHECK(StandingRegistration::create(ours, polite).value().remove().has_value());  // two connections
  }                                                                                  // and nothing is left to remove
  CHECK(uri_of_example(server, Dialect::pyro4) == "none");
}

TEST_CASE("registration: without a name server") {
  const LoopbackServer deaf(std::vector<LoopbackServer::Handler>{});
  RegistrationOptions options = options_for(deaf.port(), Dialect::pyro5);
  CHECK(StandingRegistration::create(ours, options).error().kind == ClientErrorKind::unreachable);
  options.wait_ms = 5;
  CHECK(StandingRegistration::create(ours, options).error().kind == ClientErrorKind::unreachable);
  CHECK(StandingRegistration::create({"x", "nonsense", {}}, options).error().kind == ClientErrorKind::invalid);
}

TEST_CASE("registration: the next name server of a list") {
  NameServers first;
  NameServers second;
  auto mortal = std::make_unique<LoopbackServer>(std::vector(1, first.handler(Dialect::pyro5)));
  const LoopbackServer heir(std::vector(3, second.handler(Dialect::pyro5)));
  RegistrationOptions options = options_for(0, Dialect::pyro5);
  options.name_server = {.host = mortal->place() + "," + heir.place()};
  auto registration = StandingRegistration::create(ours, options).value();
  mortal.reset();
  CHECK(registration.keep().value() == Kept::renewed);
  CHECK(uri_of_example(heir, Dialect::pyro5) == "PYRO:ours@h:1");
}

TEST_CASE("registration: not looked at before it is time") {
  NameServers servers;
  const LoopbackServer server(std::vector(2, servers.handler(Dialect::pyro5)));
  RegistrationOptions options = options_for(server.port(), Dialect::pyro5);
  options.check_ms = 60000;
  auto registration = StandingRegistration::create(ours, options).value();
  CHECK(registration.due_in_ms() > 0);
  CHECK(registration.due_in_ms() <= 60000);
  CHECK(registration.keep().value() == Kept::as_it_was);  // no connection: there is only one left, for the removal
}

TEST_CASE("registration: a thread keeps it, and tells what changes") {
  std::atomic<bool> forgets = false;
  ScriptedNameServer name_server("PYRO:Pyro.NameServer@localhost:9090");
  const ScriptedServer server([&](SocketPeer& peer, int) {
    if (forgets.exchange(false)) forget_example(name_server);
    const ConnectionId connection = name_server.connect();
    for (std::string bytes = peer.receive_some(); !bytes.empty(); bytes = peer.receive_some()) {
      peer.send(name_server.exchange(connection, bytes));
    }
    name_server.disconnect(connection);
  });

  std::mutex mutex;
  std::condition_variable news;
  int renewals = 0;
  RegistrationOptions options = options_for(server.port(), Dialect::pyro5);
  options.check_ms = 1;
  const RegistrationThread keeper(StandingRegistration::create(ours, options).value(),
                                  [&](const ClientResult<Kept>& outcome) {
                                    const std::lock_guard lock(mutex);
                                    if (outcome == Kept::renewed) ++renewals;
                                    news.notify_all();
                                  });
  for (int wanted = 1; wanted <= 3; ++wanted) {
    forgets = true;
    std::unique_lock lock(mutex);
    news.wait(lock, [&] { return renewals >= wanted; });
    CHECK(renewals == wanted);
  }
}

TEST_CASE("registration: a thread ends although the name server has fallen silent") {
  NameServers servers;
  std::promise<void> was_asked;
  const auto fall_silent = [&was_asked](LoopbackPeer& peer) {
    static_cast<void>(peer.receive());
    was_asked.set_value();
    peer.wait_for_end();
  };
  const auto well = servers.handler(Dialect::pyro5);
  const LoopbackServer server({well, fall_silent, well, well});
  RegistrationOptions options = options_for(server.port(), Dialect::pyro5);
  options.check_ms = 1;
  options.settings.connect_timeout_ms = 0;  // nothing but the end of the thread ends the look
  options.settings.call_timeout_ms = 0;
  int told = 0;
  {
    const RegistrationThread keeper(StandingRegistration::create(ours, options).value(),
                                    [&told](const ClientResult<Kept>&) { ++told; });
    was_asked.get_future().wait();
  }
  CHECK(told == 0);
  CHECK(uri_of_example(server, Dialect::pyro5) == "none");
}

TEST_CASE("registration: waiting ends when it is interrupted or removed") {
  NameServers servers;
  const LoopbackServer server(std::vector(2, servers.handler(Dialect::pyro5)));
  RegistrationOptions options = options_for(server.port(), Dialect::pyro5);
  CHECK(StandingRegistration::create(ours, options).value().wait());  // time for a look already
  options.check_ms = 3600000;
  NameServers others;
  const LoopbackServer other(std::vector(2, others.handler(Dialect::pyro5)));
  options.name_server.port = other.port();
  auto registration = StandingRegistration::create(ours, options).value();
  std::thread somebody([&registration] { registration.interrupt(); });
  CHECK_FALSE(registration.wait());
  somebody.join();
  CHECK(registration.is_interrupted());
  CHECK(registration.remove().has_value());
  CHECK_FALSE(registration.wait());
}

TEST_CASE("registration rules") {
  const NameEntry wanted = in_canonical_form(ours).value();
  CHECK(wanted.uri == "PYRO:ours@h:1");
  CHECK(next_step(wanted, wanted) == RegistrationStep::none);
  CHECK(next_step(wanted, NameEntry{"example", "PYRO:ours@h:1", {"other"}}) == RegistrationStep::none);
  CHECK(next_step(wanted, NameEntry{"example", "PYRO:theirs@h:1", {}}) == RegistrationStep::give_way);
  CHECK(next_step(wanted, fail(ClientErrorKind::unknown_name, "")) == RegistrationStep::register_again);
  CHECK(next_step(wanted, fail(ClientErrorKind::unreachable, "")) == RegistrationStep::ask_again);
  CHECK(in_canonical_form({"x", "o@h", {}}).error().kind == ClientErrorKind::invalid);
}

}  // namespace hearth::test
