// From what the steps of a diagnosis met to the likely cause and the remedy.
#include <algorithm>

#include "client-lib/src/verdict_text.h"
#include "protocol/base/check.h"

namespace hearth {
namespace {

/// What is wrong at the place of the step itself; `none` also where that nobody is there is normal.
Cause cause_of_outcome(StepOutcome outcome) {
  switch (outcome) {
    case StepOutcome::works:
    case StepOutcome::answered:
    case StepOutcome::no_answer:
    case StepOutcome::not_sent: return Cause::none;
    case StepOutcome::refused:
    case StepOutcome::no_socket: return Cause::nothing_runs;
    case StepOutcome::rejected:
    case StepOutcome::no_reply: return Cause::port_blocked;
    case StepOutcome::no_route: return Cause::no_route;
    case StepOutcome::forbidden: return Cause::not_allowed;
    case StepOutcome::host_unknown: return Cause::host_unknown;
    case StepOutcome::impossible: return Cause::bad_place;
    case StepOutcome::silent:
    case StepOutcome::call_failed: return Cause::not_answering;
    case StepOutcome::hung_up:
    case StepOutcome::not_pyro: return Cause::other_program;
    case StepOutcome::tls: return Cause::tls_expected;
    case StepOutcome::tls_unwanted: return Cause::tls_unwanted;
    case StepOutcome::tls_failed: return Cause::tls_failed;
    case StepOutcome::certificate_bad: return Cause::certificate_bad;
    case StepOutcome::certificate_wanted: return Cause::certificate_wanted;
    case StepOutcome::serializer_refused: return Cause::serializer_refused;
    case StepOutcome::key_missing: return Cause::key_missing;
    case StepOutcome::key_unwanted: return Cause::key_unwanted;
    case StepOutcome::key_wrong: return Cause::key_wrong;
    case StepOutcome::no_free_worker: return Cause::no_free_worker;
    case StepOutcome::no_such_object: return Cause::other_pyro_program;
    case StepOutcome::turned_away: return Cause::turned_away;
    case StepOutcome::not_a_uri:
    case StepOutcome::host_unspecified:
    case StepOutcome::host_is_loopback: return Cause::bad_uri;
  }
  HEARTH_CHECK(false);
}

Cause cause_of(const DiagnosisStep& step) {
  const Cause cause = cause_of_outcome(step.outcome);
  if (cause == Cause::none) return cause;
  if (step.kind == StepKind::own_registration) return Cause::bad_registration;
  if (step.kind != StepKind::broadcast_answer) return cause;
  switch (cause) {
    case Cause::host_unknown:
    case Cause::bad_place: return Cause::bad_uri;
    case Cause::nothing_runs:
    case Cause::no_route: return Cause::unreachable_uri;
    default: return cause;
  }
}

/// The more a cause says about a name server that is there, the better it explains that none is found. 0: best.
int rank(Cause cause) {
  static constexpr Cause by_rank[] = {
      Cause::serializer_refused, Cause::key_missing,      Cause::key_unwanted,    Cause::key_wrong,
      Cause::no_free_worker,     Cause::turned_away,      Cause::certificate_bad, Cause::certificate_wanted,
      Cause::tls_failed,         Cause::tls_expected,     Cause::tls_unwanted,    Cause::bad_uri,
      Cause::unreachable_uri,    Cause::not_answering,    Cause::port_blocked,    Cause::other_pyro_program,
      Cause::other_program,      Cause::not_allowed,      Cause::host_unknown,    Cause::bad_place,
      Cause::no_route,           Cause::bad_registration, Cause::nothing_runs,    Cause::none};
  return static_cast<int>(std::find(std::begin(by_rank), std::end(by_rank), cause) - std::begin(by_rank));
}

/// A Pyro server is there and does not want this client.
bool is_refusal(Cause cause) { return rank(cause) <= rank(Cause::turned_away); }

/// By this step locate() finds a name server.
bool finds_server(const DiagnosisStep& step) {
  if (step.outcome != StepOutcome::works) return false;
  return step.kind != StepKind::own_loopback && step.kind != StepKind::own_registration && step.kind != StepKind::rival;
}

/// The step that explains most; nullptr if there is nothing to explain.
template <class Counts>
const DiagnosisStep* most_telling(const std::vector<DiagnosisStep>& steps, Counts counts) {
  const DiagnosisStep* found = nullptr;
  for (const DiagnosisStep& step : steps) {
    if (cause_of(step) == Cause::none || !counts(step)) continue;
    if (found == nullptr || rank(cause_of(step)) < rank(cause_of(*found))) found = &step;
  }
  return found;
}

Verdict verdict(Health health, Cause cause, const DiagnosisStep* step, const std::vector<DiagnosisStep>& steps) {
  VerdictText text = text_of(cause, step, steps);
  return {cause, health, std::move(text.explanation), std::move(text.remedy)};
}

Verdict judge_missing(const std::vector<DiagnosisStep>& steps) {
  for (const DiagnosisStep& step : steps) {
    if (step.kind == StepKind::own_loopback && step.outcome == StepOutcome::works)
      return verdict(Health::impaired, Cause::loopback_only, &step, steps);
  }
  const DiagnosisStep* step = most_telling(steps, [](const DiagnosisStep&) { return true; });
  return verdict(Health::missing, step == nullptr ? Cause::nothing_runs : cause_of(*step), step, steps);
}

Verdict judge_found(const DiagnosisStep& found, const std::vector<DiagnosisStep>& steps) {
  const bool has_rivals = std::any_of(steps.begin(), steps.end(), [&found](const DiagnosisStep& step) {
    return step.kind == StepKind::rival || (finds_server(step) && step.server != found.server);
  });
  if (has_rivals) return verdict(Health::impaired, Cause::rivals, &found, steps);
  // Elsewhere nobody at home is normal once there is a name server.
  const DiagnosisStep* step = most_telling(steps, [](const DiagnosisStep& candidate) {
    // A server on 0.0.0.0 registers itself so: that is a note, not a fault.
    const bool is_wildcard_note =
        candidate.kind == StepKind::own_registration && candidate.outcome == StepOutcome::host_unspecified;
    return !is_wildcard_note && (candidate.kind == StepKind::broadcast_answer ||
                                 candidate.kind == StepKind::own_registration || is_refusal(cause_of(candidate)));
  });
  if (step != nullptr) return verdict(Health::impaired, cause_of(*step), step, steps);
  return verdict(Health::healthy, Cause::none, &found, steps);
}

}  // namespace

Verdict judge(const std::vector<DiagnosisStep>& steps) {
  const auto found = std::find_if(steps.begin(), steps.end(), finds_server);
  return found == steps.end() ? judge_missing(steps) : judge_found(*found, steps);
}

}  // namespace hearth
