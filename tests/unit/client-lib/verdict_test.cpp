// From the steps of a diagnosis to the likely cause: each fault alone, and what counts more where several were met.
#include <hearth/diagnosis.h>

#include <doctest/doctest.h>

#include <map>

namespace hearth {
namespace {

using Steps = std::vector<DiagnosisStep>;

DiagnosisStep step(StepKind kind, StepOutcome outcome, std::size_t server = 0) {
  DiagnosisStep step;
  step.kind = kind;
  step.place = kind == StepKind::broadcast_answer || kind == StepKind::own_registration || kind == StepKind::rival
                   ? "PYRO:Pyro.NameServer@there:1"
                   : "there:1";
  step.outcome = outcome;
  step.said = outcome == StepOutcome::works ? "" : "its words";
  step.responder = kind == StepKind::broadcast_answer ? "192.0.2.7:9091" : "";
  step.server = outcome == StepOutcome::works && server == 0 ? 1 : server;
  return step;
}

Cause cause_of(const Steps& steps, Health health) {
  const Verdict verdict = judge(steps);
  CHECK(verdict.health == health);
  CHECK_FALSE(verdict.explanation.empty());
  CHECK(verdict.remedy.empty() == (health == Health::healthy));
  return verdict.cause;
}
Cause missing(const Steps& steps) { return cause_of(steps, Health::missing); }
Cause impaired(const Steps& steps) { return cause_of(steps, Health::impaired); }

const DiagnosisStep works = step(StepKind::given_host, StepOutcome::works);
const DiagnosisStep no_answer = step(StepKind::broadcast, StepOutcome::no_answer);
const DiagnosisStep answered = step(StepKind::broadcast, StepOutcome::answered);

/// What each outcome means at a host, and in a URI that came by broadcast.
const std::map<StepOutcome, std::pair<Cause, Cause>> meanings{
    {StepOutcome::refused, {Cause::nothing_runs, Cause::unreachable_uri}},
    {StepOutcome::rejected, {Cause::port_blocked, Cause::port_blocked}},
    {StepOutcome::no_reply, {Cause::port_blocked, Cause::port_blocked}},
    {StepOutcome::no_route, {Cause::no_route, Cause::unreachable_uri}},
    {StepOutcome::forbidden, {Cause::not_allowed, Cause::not_allowed}},
    {StepOutcome::host_unknown, {Cause::host_unknown, Cause::bad_uri}},
    {StepOutcome::no_socket, {Cause::nothing_runs, Cause::unreachable_uri}},
    {StepOutcome::impossible, {Cause::bad_place, Cause::bad_uri}},
    {StepOutcome::silent, {Cause::not_answering, Cause::not_answering}},
    {StepOutcome::hung_up, {Cause::other_program, Cause::other_program}},
    {StepOutcome::not_pyro, {Cause::other_program, Cause::other_program}},
    {StepOutcome::tls, {Cause::tls_expected, Cause::tls_expected}},
    {StepOutcome::tls_unwanted, {Cause::tls_unwanted, Cause::tls_unwanted}},
    {StepOutcome::tls_failed, {Cause::tls_failed, Cause::tls_failed}},
    {StepOutcome::certificate_bad, {Cause::certificate_bad, Cause::certificate_bad}},
    {StepOutcome::certificate_wanted, {Cause::certificate_wanted, Cause::certificate_wanted}},
    {StepOutcome::serializer_refused, {Cause::serializer_refused, Cause::serializer_refused}},
    {StepOutcome::key_missing, {Cause::key_missing, Cause::key_missing}},
    {StepOutcome::key_unwanted, {Cause::key_unwanted, Cause::key_unwanted}},
    {StepOutcome::key_wrong, {Cause::key_wrong, Cause::key_wrong}},
    {StepOutcome::no_free_worker, {Cause::no_free_worker, Cause::no_free_worker}},
    {StepOutcome::no_such_object, {Cause::other_pyro_program, Cause::other_pyro_program}},
    {StepOutcome::turned_away, {Cause::turned_away, Cause::turned_away}},
    {StepOutcome::call_failed, {Cause::not_answering, Cause::not_answering}},
};

}  // namespace

TEST_CASE("verdict: healthy") {
  const Verdict verdict = judge({works});
  CHECK(verdict.cause == Cause::none);
  CHECK(verdict.explanation == "Nothing is wrong: there:1 works.");
  CHECK(cause_of({works, no_answer}, Health::healthy) == Cause::none);
  CHECK(cause_of({step(StepKind::loopback, StepOutcome::refused), answered,
                  step(StepKind::broadcast_answer, StepOutcome::works)},
                 Health::healthy) == Cause::none);
  CHECK(cause_of({works, step(StepKind::own_registration, StepOutcome::works)}, Health::healthy) == Cause::none);
  CHECK(cause_of({works, answered, step(StepKind::broadcast_answer, StepOutcome::works, 1)}, Health::healthy) ==
        Cause::none);
}

TEST_CASE("verdict: each outcome alone, at a host and in an answer to the broadcast") {
  for (const auto& meaning : meanings) {
    const StepOutcome outcome = meaning.first;
    const auto& causes = meaning.second;
    CAPTURE(to_string(outcome));
    for (const StepKind kind : {StepKind::given_host, StepKind::loopback, StepKind::configured_host})
      CHECK(missing({step(kind, outcome)}) == causes.first);
    CHECK(missing({step(StepKind::loopback, StepOutcome::refused), answered,
                   step(StepKind::broadcast_answer, outcome)}) == causes.second);
  }
  for (const StepOutcome fault :
       {StepOutcome::not_a_uri, StepOutcome::host_unspecified, StepOutcome::host_is_loopback}) {
    CHECK(missing({answered, step(StepKind::broadcast_answer, fault)}) == Cause::bad_uri);
  }
}

TEST_CASE("verdict: nothing runs") {
  CHECK(missing({}) == Cause::nothing_runs);
  CHECK(missing({no_answer}) == Cause::nothing_runs);
  const Steps silence{step(StepKind::loopback, StepOutcome::refused), no_answer};
  CHECK(judge(silence).explanation == "No name server runs on this machine, and none answers a broadcast.");
  const Steps alone{step(StepKind::loopback, StepOutcome::refused), step(StepKind::broadcast, StepOutcome::not_sent)};
  CHECK(judge(alone).explanation ==
        "No name server runs on this machine, and the network could not be asked (its words).");
  CHECK(judge({step(StepKind::given_host, StepOutcome::refused)})
            .explanation.starts_with("No name server listens at there:1"));
}

TEST_CASE("verdict: only on the loopback") {
  const Steps steps{step(StepKind::given_host, StepOutcome::refused), step(StepKind::own_loopback, StepOutcome::works)};
  CHECK(impaired(steps) == Cause::loopback_only);
  const Steps nowhere{step(StepKind::given_host, StepOutcome::refused),
                      step(StepKind::own_loopback, StepOutcome::refused)};
  CHECK(missing(nowhere) == Cause::nothing_runs);
}

TEST_CASE("verdict: what says most about a name server explains most") {
  const std::vector<StepOutcome> by_weight{StepOutcome::serializer_refused,
                                           StepOutcome::key_missing,
                                           StepOutcome::no_free_worker,
                                           StepOutcome::turned_away,
                                           StepOutcome::certificate_bad,
                                           StepOutcome::certificate_wanted,
                                           StepOutcome::tls_failed,
                                           StepOutcome::tls,
                                           StepOutcome::tls_unwanted,
                                           StepOutcome::silent,
                                           StepOutcome::rejected,
                                           StepOutcome::no_such_object,
                                           StepOutcome::not_pyro,
                                           StepOutcome::forbidden,
                                           StepOutcome::host_unknown,
                                           StepOutcome::no_route,
                                           StepOutcome::refused};
  for (std::size_t heavy = 0; heavy < by_weight.size(); ++heavy) {
    for (std::size_t light = heavy + 1; light < by_weight.size(); ++light) {
      const DiagnosisStep first = step(StepKind::loopback, by_weight[light]);
      const DiagnosisStep second = step(StepKind::configured_host, by_weight[heavy]);
      CHECK(missing({first, no_answer, second}) == meanings.at(by_weight[heavy]).first);
      CHECK(missing({second, no_answer, first}) == meanings.at(by_weight[heavy]).first);
    }
  }
}

TEST_CASE("verdict: works, and yet") {
  for (const auto& meaning : meanings) {
    const StepOutcome outcome = meaning.first;
    const auto& causes = meaning.second;
    CAPTURE(to_string(outcome));
    CHECK(impaired({works, answered, step(StepKind::broadcast_answer, outcome)}) == causes.second);
    if (outcome == StepOutcome::host_unspecified) continue;
    CHECK(impaired({works, step(StepKind::own_registration, outcome)}) == Cause::bad_registration);
  }
  const Steps on_every_address{works, step(StepKind::own_registration, StepOutcome::host_unspecified)};
  CHECK(cause_of(on_every_address, Health::healthy) == Cause::none);
  CHECK(judge(on_every_address).explanation.find("-n ADDRESS") != std::string::npos);
  const DiagnosisStep found = step(StepKind::broadcast_answer, StepOutcome::works);
  CHECK(impaired({step(StepKind::loopback, StepOutcome::key_missing), found}) == Cause::key_missing);
  CHECK(cause_of({step(StepKind::loopback, StepOutcome::not_pyro), found}, Health::healthy) == Cause::none);
  // Of two faults the one that clients run into.
  CHECK(impaired({works, step(StepKind::own_registration, StepOutcome::refused),
                  step(StepKind::broadcast_answer, StepOutcome::host_unspecified)}) == Cause::bad_uri);
}

TEST_CASE("verdict: rivals") {
  const DiagnosisStep one = step(StepKind::loopback, StepOutcome::works, 1);
  DiagnosisStep two = step(StepKind::broadcast_answer, StepOutcome::works, 2);
  two.place = "PYRO:Pyro.NameServer@elsewhere:2";
  CHECK(impaired({one, answered, two}) == Cause::rivals);
  const std::string explanation = judge({one, answered, two}).explanation;
  CHECK(explanation.starts_with("Several name servers answer: there:1, PYRO:Pyro.NameServer@elsewhere:2."));
  CHECK(impaired({one, step(StepKind::rival, StepOutcome::works)}) == Cause::rivals);
  DiagnosisStep told = step(StepKind::rival, StepOutcome::works);
  told.place = two.place;  // the one hearthd has met the other, and we have too
  CHECK(judge({one, told, answered, two}).explanation == explanation);
  // Another server behind a registration is none that locate() finds.
  CHECK(cause_of({one, step(StepKind::own_registration, StepOutcome::works, 2)}, Health::healthy) == Cause::none);
}

TEST_CASE("steps are described in sentences") {
  CHECK(describe(step(StepKind::given_host, StepOutcome::hung_up)) ==
        "there:1 takes the connection and closes it without a word: its words");
  CHECK(describe(no_answer) == "the broadcast to there:1 was not answered: its words");
  CHECK(describe(step(StepKind::broadcast_answer, StepOutcome::works)) ==
        "192.0.2.7:9091 answered the broadcast with PYRO:Pyro.NameServer@there:1, which works");
  CHECK(describe(step(StepKind::own_registration, StepOutcome::host_unspecified)) ==
        "Pyro.NameServer is registered as PYRO:Pyro.NameServer@there:1, which names no host that one can connect to: "
        "its words");
}

}  // namespace hearth
