// What steps of a diagnosis and their outcomes are called, for people and for programs.
#include <hearth/diagnosis.h>

#include "protocol/base/check.h"

namespace hearth {
namespace {

/// What the step is about, as the subject of a sentence.
std::string subject(const DiagnosisStep& step) {
  switch (step.kind) {
    case StepKind::given_host:
    case StepKind::loopback:
    case StepKind::debian_loopback: return step.place;
    case StepKind::configured_host: return step.place + ", the configured host,";
    case StepKind::own_loopback: return step.place + ", this machine's loopback,";
    case StepKind::broadcast: return "the broadcast to " + step.place;
    case StepKind::broadcast_answer: return step.responder + " answered the broadcast with " + step.place + ", which";
    case StepKind::own_registration: return "Pyro.NameServer is registered as " + step.place + ", which";
    case StepKind::rival: return step.place + ", with which " + step.responder + " answers broadcasts too,";
  }
  HEARTH_CHECK(false);
}

std::string_view predicate(StepOutcome outcome) {
  switch (outcome) {
    case StepOutcome::works: return "works";
    case StepOutcome::refused: return "refuses connections: nothing listens there";
    case StepOutcome::rejected: return "is closed by a firewall, which says so (ICMP)";
    case StepOutcome::no_reply:
      return "gives no sign of life: a firewall drops what is sent there, or the machine is off";
    case StepOutcome::no_route: return "cannot be reached";
    case StepOutcome::forbidden: return "may not be used by this program";
    case StepOutcome::host_unknown: return "has a host without an address";
    case StepOutcome::no_socket: return "does not exist";
    case StepOutcome::impossible: return "cannot be connected to";
    case StepOutcome::silent: return "takes the connection and then says nothing";
    case StepOutcome::hung_up: return "takes the connection and closes it without a word";
    case StepOutcome::not_pyro: return "does not speak Pyro; it says";
    case StepOutcome::tls: return "wants TLS";
    case StepOutcome::tls_unwanted: return "does not speak TLS, as we do";
    case StepOutcome::tls_failed: return "speaks TLS, but not with us";
    case StepOutcome::certificate_bad: return "shows a certificate that we do not accept";
    case StepOutcome::certificate_wanted: return "does not accept our client certificate, or wants one";
    case StepOutcome::serializer_refused: return "refuses our serializer";
    case StepOutcome::key_missing: return "requires an HMAC key, and we have none";
    case StepOutcome::key_unwanted: return "has no HMAC key, and we have one";
    case StepOutcome::key_wrong: return "has another HMAC key than we have";
    case StepOutcome::no_free_worker: return "has no thread left for another client";
    case StepOutcome::no_such_object: return "hosts Pyro objects, but no name server";
    case StepOutcome::turned_away: return "rejects the connection";
    case StepOutcome::call_failed: return "takes the connection, but does not answer as a name server";
    case StepOutcome::answered: return "was answered";
    case StepOutcome::no_answer: return "was not answered";
    case StepOutcome::not_sent: return "could not be sent";
    case StepOutcome::not_a_uri: return "is no URI of an object";
    case StepOutcome::host_unspecified: return "names no host that one can connect to";
    case StepOutcome::host_is_loopback: return "works on that server's own machine only";
  }
  HEARTH_CHECK(false);
}

}  // namespace

std::string describe(const DiagnosisStep& step) {
  std::string text = subject(step) + " ";
  text += step.kind == StepKind::rival ? "is another name server" : predicate(step.outcome);
  return step.said.empty() ? text : text + ": " + step.said;
}

std::string_view to_string(StepOutcome outcome) {
  switch (outcome) {
    case StepOutcome::works: return "works";
    case StepOutcome::refused: return "refused";
    case StepOutcome::rejected: return "rejected";
    case StepOutcome::no_reply: return "no_reply";
    case StepOutcome::no_route: return "no_route";
    case StepOutcome::forbidden: return "forbidden";
    case StepOutcome::host_unknown: return "host_unknown";
    case StepOutcome::no_socket: return "no_socket";
    case StepOutcome::impossible: return "impossible";
    case StepOutcome::silent: return "silent";
    case StepOutcome::hung_up: return "hung_up";
    case StepOutcome::not_pyro: return "not_pyro";
    case StepOutcome::tls: return "tls";
    case StepOutcome::tls_unwanted: return "tls_unwanted";
    case StepOutcome::tls_failed: return "tls_failed";
    case StepOutcome::certificate_bad: return "certificate_bad";
    case StepOutcome::certificate_wanted: return "certificate_wanted";
    case StepOutcome::serializer_refused: return "serializer_refused";
    case StepOutcome::key_missing: return "key_missing";
    case StepOutcome::key_unwanted: return "key_unwanted";
    case StepOutcome::key_wrong: return "key_wrong";
    case StepOutcome::no_free_worker: return "no_free_worker";
    case StepOutcome::no_such_object: return "no_such_object";
    case StepOutcome::turned_away: return "turned_away";
    case StepOutcome::call_failed: return "call_failed";
    case StepOutcome::answered: return "answered";
    case StepOutcome::no_answer: return "no_answer";
    case StepOutcome::not_sent: return "not_sent";
    case StepOutcome::not_a_uri: return "not_a_uri";
    case StepOutcome::host_unspecified: return "host_unspecified";
    case StepOutcome::host_is_loopback: return "host_is_loopback";
  }
  HEARTH_CHECK(false);
}

std::string_view to_string(StepKind kind) {
  switch (kind) {
    case StepKind::given_host: return "given_host";
    case StepKind::loopback: return "loopback";
    case StepKind::debian_loopback: return "debian_loopback";
    case StepKind::broadcast: return "broadcast";
    case StepKind::broadcast_answer: return "broadcast_answer";
    case StepKind::configured_host: return "configured_host";
    case StepKind::own_loopback: return "own_loopback";
    case StepKind::own_registration: return "own_registration";
    case StepKind::rival: return "rival";
  }
  HEARTH_CHECK(false);
}

std::string_view to_string(Health health) {
  switch (health) {
    case Health::healthy: return "healthy";
    case Health::impaired: return "impaired";
    case Health::missing: return "missing";
  }
  HEARTH_CHECK(false);
}

std::string_view to_string(Cause cause) {
  switch (cause) {
    case Cause::none: return "none";
    case Cause::nothing_runs: return "nothing_runs";
    case Cause::loopback_only: return "loopback_only";
    case Cause::port_blocked: return "port_blocked";
    case Cause::no_route: return "no_route";
    case Cause::host_unknown: return "host_unknown";
    case Cause::not_allowed: return "not_allowed";
    case Cause::bad_place: return "bad_place";
    case Cause::other_program: return "other_program";
    case Cause::other_pyro_program: return "other_pyro_program";
    case Cause::not_answering: return "not_answering";
    case Cause::tls_expected: return "tls_expected";
    case Cause::tls_unwanted: return "tls_unwanted";
    case Cause::tls_failed: return "tls_failed";
    case Cause::certificate_bad: return "certificate_bad";
    case Cause::certificate_wanted: return "certificate_wanted";
    case Cause::serializer_refused: return "serializer_refused";
    case Cause::key_missing: return "key_missing";
    case Cause::key_unwanted: return "key_unwanted";
    case Cause::key_wrong: return "key_wrong";
    case Cause::no_free_worker: return "no_free_worker";
    case Cause::turned_away: return "turned_away";
    case Cause::bad_uri: return "bad_uri";
    case Cause::unreachable_uri: return "unreachable_uri";
    case Cause::rivals: return "rivals";
    case Cause::bad_registration: return "bad_registration";
  }
  HEARTH_CHECK(false);
}

}  // namespace hearth
