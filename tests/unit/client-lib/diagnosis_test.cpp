// What diagnose() makes of servers that do what good and bad ones do.
#include <hearth/diagnosis.h>

#include <doctest/doctest.h>

#include "tests/support/temp_dir.h"
#include "tests/unit/client-lib/admin_handlers.h"
#include "tests/unit/client-lib/pyro_handlers.h"
#include "tests/unit/client-lib/udp_responder.h"

namespace hearth::test {
namespace {

ClientSettings settings_for_pyro4() {
  ClientSettings settings;
  settings.first_dialect = Dialect::pyro4;
  return settings;
}

/// Refuses connections, on a port that nobody else gets meanwhile.
LoopbackServer nobody() { return LoopbackServer(std::vector<LoopbackServer::Handler>{}); }

NameServerPlace place_of(const LoopbackServer& server) { return {.host = "127.0.0.1", .port = server.port()}; }

/// The first step at a server with these handlers.
DiagnosisStep met(std::vector<LoopbackServer::Handler> handlers,
                  const ClientSettings& settings = settings_for_pyro4()) {
  const LoopbackServer server(std::move(handlers));
  const Diagnosis diagnosis = diagnose(place_of(server), settings);
  REQUIRE_FALSE(diagnosis.steps.empty());
  CHECK(diagnosis.steps[0].kind == StepKind::given_host);
  CHECK(diagnosis.steps[0].place == server.place());
  return diagnosis.steps[0];
}

LoopbackServer::Handler saying(std::string words) {
  return [words = std::move(words)](LoopbackPeer& peer) {
    static_cast<void>(peer.receive());
    peer.send(words);
  };
}
void hang_up(LoopbackPeer& peer) { static_cast<void>(peer.receive()); }
void say_nothing(LoopbackPeer& peer) { peer.wait_for_end(); }

/// Nothing on the machine, and of the network only this responder.
ClientSettings with_network(const LoopbackServer& dead, const UdpResponder& responder) {
  ClientSettings settings = settings_for_pyro4();
  settings.name_server_host = "127.0.0.1";
  settings.name_server_port = dead.port();
  settings.broadcast_addresses = {"127.0.0.1"};
  settings.broadcast_port = responder.port();
  settings.broadcast_rounds = 1;
  settings.broadcast_wait_ms = 300;
  return settings;
}

std::vector<StepKind> kinds(const Diagnosis& diagnosis) {
  std::vector<StepKind> kinds;
  for (const DiagnosisStep& step : diagnosis.steps) kinds.push_back(step.kind);
  return kinds;
}

}  // namespace

TEST_CASE("diagnosis: what a connection meets") {
  CHECK(met({}).outcome == StepOutcome::refused);
  const DiagnosisStep web = met({saying("\r\nHTTP/1.1 400 Bad Request\r\nServer: x\r\n")});
  CHECK(web.outcome == StepOutcome::not_pyro);
  CHECK(web.said == "HTTP/1.1 400 Bad Request");
  CHECK(met({hang_up, hang_up, hang_up}).outcome == StepOutcome::hung_up);
  CHECK(met({hang_up, hang_up, saying("\x15\x03\x01\x02\x02\x46")}).outcome == StepOutcome::tls);
  const DiagnosisStep refusing = met({refusing_in(Dialect::pyro4, "\x1B[2Jno\n")});
  CHECK(refusing.outcome == StepOutcome::turned_away);
  CHECK(refusing.said == "\\x1b[2Jno");
  ClientSettings impatient = settings_for_pyro4();
  impatient.connect_timeout_ms = 20;
  CHECK(met({say_nothing}, impatient).outcome == StepOutcome::silent);
}

TEST_CASE("diagnosis: keys") {
  SessionSettings keyed;
  keyed.hmac_key = "secret";
  ClientSettings wrong = settings_for_pyro4();
  wrong.hmac_key = "wrong";
  const auto met_by = [](const SessionSettings& server, const ClientSettings& client) {
    NameServers servers(server);
    return met({servers.handler(Dialect::pyro4)}, client).outcome;
  };
  CHECK(met_by(keyed, settings_for_pyro4()) == StepOutcome::key_missing);
  CHECK(met_by(keyed, wrong) == StepOutcome::key_wrong);
  CHECK(met_by({}, wrong) == StepOutcome::key_unwanted);
}

TEST_CASE("diagnosis: a serializer that is not accepted") {
  SessionSettings picky;
  picky.accepted_serializers = {SerializerName::json};
  NameServers servers(picky);
  const DiagnosisStep step = met({servers.handler(Dialect::pyro4)});
  CHECK(step.outcome == StepOutcome::serializer_refused);
  CHECK(step.said == "message used serializer that is not accepted: 1");
}

TEST_CASE("diagnosis: an object that calls itself a name server and is none") {
  const DiagnosisStep step = met({[](LoopbackPeer& peer) {
    shake_hands(peer, Dialect::pyro4);
    static_cast<void>(peer.receive());
    peer.send(result_bytes(Dialect::pyro4, "many", 1));
  }});
  CHECK(step.outcome == StepOutcome::call_failed);
}

TEST_CASE("diagnosis: no socket, no host, no place") {
  const TempDir directory;
  const auto outcome = [](const std::string& host) { return diagnose({.host = host}, {}).steps.at(0).outcome; };
  CHECK(outcome("./u:" + (directory / "none")) == StepOutcome::no_socket);
  CHECK(outcome("name.invalid") == StepOutcome::host_unknown);
  CHECK(outcome("./u:/" + std::string(200, 'x')) == StepOutcome::impossible);
}

TEST_CASE("diagnosis: a hearthd that works tells of its rivals, and where it says it is") {
  NameServers names;
  ServerStatus status;
  status.rivals = {{"192.0.2.7:9091", "PYRO:Pyro.NameServer@192.0.2.7:9090"}};
  AdminServer admin(status);
  const LoopbackServer server({names.handler(Dialect::pyro4), admin.handler()});
  const Diagnosis diagnosis = diagnose(place_of(server), settings_for_pyro4());
  CHECK(kinds(diagnosis) == std::vector{StepKind::given_host, StepKind::own_registration, StepKind::rival});
  CHECK(diagnosis.steps[0].outcome == StepOutcome::works);
  CHECK(diagnosis.steps[1].place == "PYRO:Pyro.NameServer@localhost:9090");
  CHECK(diagnosis.steps[2].responder == "192.0.2.7:9091");
  CHECK(diagnosis.steps[2].place == "PYRO:Pyro.NameServer@192.0.2.7:9090");
  CHECK(diagnosis.verdict.cause == Cause::rivals);
}

TEST_CASE("diagnosis: the steps of a search without a host") {
  const LoopbackServer dead = nobody();
  NameServers names;
  const LoopbackServer server({names.handler(Dialect::pyro4), names.handler(Dialect::pyro4)});
  const UdpResponder responder({{"PYRO:Pyro.NameServer@" + server.place()}});
  const Diagnosis diagnosis = diagnose({}, with_network(dead, responder));
  CHECK(kinds(diagnosis) == std::vector{StepKind::loopback, StepKind::debian_loopback, StepKind::broadcast,
                                        StepKind::broadcast_answer, StepKind::own_registration});
  CHECK(diagnosis.steps[2].outcome == StepOutcome::answered);
  CHECK(diagnosis.steps[3].outcome == StepOutcome::works);
  CHECK(diagnosis.steps[3].responder == "127.0.0.1:" + std::to_string(responder.port()));
}

TEST_CASE("diagnosis: answers to the broadcast that are of no use") {
  const LoopbackServer dead = nobody();
  const auto outcome_of = [&dead](const std::string& answer) {
    const UdpResponder responder({{answer}});
    const Diagnosis diagnosis = diagnose({}, with_network(dead, responder));
    REQUIRE(diagnosis.steps.size() == 4);
    CHECK(diagnosis.steps[3].kind == StepKind::broadcast_answer);
    CHECK(diagnosis.steps[3].place == answer);
    return diagnosis.steps[3].outcome;
  };
  CHECK(outcome_of("PYRO:Pyro.NameServer@0.0.0.0:9090") == StepOutcome::host_unspecified);
  CHECK(outcome_of("PYRO:Pyro.NameServer@[::]:9090") == StepOutcome::host_unspecified);
  CHECK(outcome_of("PYRO:Pyro.NameServer@:9090") == StepOutcome::host_unspecified);
  CHECK(outcome_of("PYRO:Pyro.NameServer@name.invalid:9090") == StepOutcome::host_unknown);
  CHECK(outcome_of("PYRO:Pyro.NameServer@" + dead.place()) == StepOutcome::refused);
  CHECK(outcome_of("PYRO:Pyro.NameServer@127.0.0.1:70000") == StepOutcome::impossible);
  CHECK(outcome_of("hello") == StepOutcome::not_a_uri);
  CHECK(outcome_of("PYRONAME:other") == StepOutcome::not_a_uri);
}

TEST_CASE("diagnosis: a broadcast that cannot be sent, or that nobody answers") {
  const LoopbackServer dead = nobody();
  const UdpResponder mute(std::vector<std::vector<std::string>>(1));  // hears one question
  ClientSettings settings = with_network(dead, mute);
  settings.broadcast_addresses = {"name.invalid", "127.0.0.1"};
  settings.broadcast_wait_ms = 20;
  const Diagnosis diagnosis = diagnose({}, settings);
  REQUIRE(diagnosis.steps.size() == 4);
  CHECK(diagnosis.steps[2].outcome == StepOutcome::not_sent);
  CHECK(diagnosis.steps[2].said.find("name.invalid") != std::string::npos);
  CHECK(diagnosis.steps[3].outcome == StepOutcome::no_answer);
  CHECK(diagnosis.verdict.cause == Cause::nothing_runs);
}

}  // namespace hearth::test
