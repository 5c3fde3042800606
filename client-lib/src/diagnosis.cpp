#include <hearth/diagnosis.h>
#include <hearth/inspection.h>

#include <algorithm>
#include <utility>

#include "client-lib/src/broadcast.h"
#include "client-lib/src/connect_failure.h"
#include "client-lib/src/inspect_connected.h"
#include "client-lib/src/search_plan.h"
#include "client-lib/src/this_machine.h"
#include "client-lib/src/tls_probe.h"
#include "protocol/base/check.h"
#include "protocol/value/repr_parts.h"

namespace hearth {
namespace {

StepKind kind_of(SearchStepKind kind) {
  switch (kind) {
    case SearchStepKind::given_host: return StepKind::given_host;
    case SearchStepKind::loopback: return StepKind::loopback;
    case SearchStepKind::debian_loopback: return StepKind::debian_loopback;
    case SearchStepKind::broadcast: return StepKind::broadcast;
    case SearchStepKind::configured_host: return StepKind::configured_host;
  }
  HEARTH_CHECK(false);
}

/// What a stranger said, as far as one line shows it.
std::string first_line(std::string_view said) {
  said.remove_prefix(std::min(said.find_first_not_of("\r\n"), said.size()));
  return printable(said.substr(0, said.find_first_of("\r\n")));
}

class Walk {
 public:
  explicit Walk(const ClientSettings& settings) : settings_(settings) {}

  std::vector<DiagnosisStep> run(const std::vector<SearchStep>& plan) {
    bool is_found = false;
    for (const SearchStep& step : plan) {
      if (step.kind == SearchStepKind::broadcast) {
        is_found = ask_network(step.broadcast_port) || is_found;
      } else if (!is_found) {
        is_found = try_host(kind_of(step.kind), step.name_server);
      }
    }
    return std::move(steps_);
  }

 private:
  // ---- one place ----

  DiagnosisStep attempt(StepKind kind, const Uri& uri, std::string place) {
    DiagnosisStep step{.kind = kind, .place = std::move(place)};
    auto proxy = connect_proxy(uri, settings_);
    if (!proxy) {
      step.outcome = proxy.error().outcome;
      step.said = first_line(proxy.error().said);
      const bool may_want_tls = step.outcome == StepOutcome::hung_up && !settings_.tls;
      if (may_want_tls && answers_tls(uri, settings_)) step.outcome = StepOutcome::tls;
      return step;
    }
    auto inspection = inspect_connected(std::move(*proxy), settings_);
    if (inspection) {
      step.server = number_of(std::move(*inspection));
    } else {
      step.outcome = StepOutcome::call_failed;
      step.said = printable(inspection.error().text);
    }
    return step;
  }

  /// Whether a name server works there.
  bool try_host(StepKind kind, const Uri& uri) {
    DiagnosisStep step = attempt(kind, uri, printable(uri.location().value_or(uri.text())));
    const bool works = step.outcome == StepOutcome::works;
    const bool may_be_on_loopback_only = step.outcome == StepOutcome::refused && kind != StepKind::loopback &&
                                         kind != StepKind::debian_loopback && uri.host &&
                                         meaning_of_host(*uri.host) == HostMeaning::this_machine;
    add(std::move(step));
    if (may_be_on_loopback_only) try_own_loopback(uri);
    return works;
  }

  void try_own_loopback(const Uri& uri) {
    for (const char* address : {"127.0.0.1", "::1"}) {
      const Uri loopback = name_server_at(address, uri.tcp_port().value_or(0));
      add(attempt(StepKind::own_loopback, loopback, *loopback.location()));
      if (steps_.back().outcome == StepOutcome::works) return;
    }
  }

  /// Adds a step; a name server that it has met first brings steps about itself.
  void add(DiagnosisStep step) {
    const std::size_t server = step.server;
    steps_.push_back(std::move(step));
    if (server == 0 || std::exchange(servers_[server - 1].is_examined, true)) return;
    const Inspection met = servers_[server - 1].inspection;
    if (!met.own_uri.empty()) check_registration(met);
    if (!met.hearthd) return;
    for (const HearthdRival& rival : met.hearthd->rivals) {
      steps_.push_back({.kind = StepKind::rival, .place = printable(rival.uri), .responder = printable(rival.address)});
    }
  }

  std::size_t number_of(Inspection met) {
    const auto known = std::find_if(servers_.begin(), servers_.end(),
                                    [&met](const Server& other) { return is_same_server(met, other.inspection); });
    const auto index = static_cast<std::size_t>(known - servers_.begin());
    if (known == servers_.end()) servers_.push_back({std::move(met)});
    return index + 1;
  }

  // ---- what name servers say where they are ----

  /// Why nobody should try that URI, said by a server on this machine or on another one.
  static std::optional<StepOutcome> fault_of(const Uri& uri, bool is_from_this_machine) {
    if (uri.socket_path) {
      if (is_from_this_machine) return std::nullopt;
      return StepOutcome::host_is_loopback;
    }
    switch (meaning_of_host(uri.host.value_or(""))) {
      case HostMeaning::unknown: return StepOutcome::host_unknown;
      case HostMeaning::unspecified: return StepOutcome::host_unspecified;
      case HostMeaning::loopback:
        if (!is_from_this_machine) return StepOutcome::host_is_loopback;
        return std::nullopt;
      case HostMeaning::this_machine:
      case HostMeaning::elsewhere: return std::nullopt;
    }
    HEARTH_CHECK(false);
  }

  void check_registration(const Inspection& met) {
    DiagnosisStep step{.kind = StepKind::own_registration, .place = printable(met.own_uri)};
    const auto uri = parse_uri(met.own_uri);
    const bool is_direct = uri && uri->protocol == "PYRO";
    if (!is_direct) {
      step.outcome = StepOutcome::not_a_uri;
    } else if (const auto fault = fault_of(*uri, met.is_on_this_machine)) {
      step.outcome = *fault;
    } else if (uri->location() != met.reached_at.location()) {
      step = attempt(StepKind::own_registration, *uri, std::move(step.place));
    }
    steps_.push_back(std::move(step));
  }

  // ---- the broadcast ----

  /// Whether any name server that answered works.
  bool ask_network(std::uint16_t port) {
    const BroadcastRound round = all_by_broadcast(port, settings_);
    for (const BroadcastSending& sending : round.sendings) {
      const StepOutcome outcome = sending.trouble       ? StepOutcome::not_sent
                                  : sending.is_answered ? StepOutcome::answered
                                                        : StepOutcome::no_answer;
      steps_.push_back({.kind = StepKind::broadcast,
                        .place = sending.address,
                        .outcome = outcome,
                        .said = sending.trouble.value_or("")});
    }
    bool is_found = false;
    for (const BroadcastAnswer& answer : round.answers) is_found = check_answer(answer) || is_found;
    return is_found;
  }

  bool check_answer(const BroadcastAnswer& answer) {
    DiagnosisStep step{.kind = StepKind::broadcast_answer, .place = printable(answer.text)};
    if (!answer.uri) {
      step.outcome = StepOutcome::not_a_uri;
    } else if (const auto fault = fault_of(*answer.uri, answer.is_from_this_machine)) {
      step.outcome = *fault;
    } else {
      step = attempt(StepKind::broadcast_answer, *answer.uri, std::move(step.place));
    }
    step.responder = answer.responder;
    const bool works = step.outcome == StepOutcome::works;
    add(std::move(step));
    return works;
  }

  struct Server {
    Inspection inspection;
    bool is_examined = false;  ///< has brought its steps
  };

  const ClientSettings& settings_;
  std::vector<DiagnosisStep> steps_;
  std::vector<Server> servers_;  ///< by their number, less one
};

}  // namespace

Diagnosis diagnose(const NameServerPlace& place, const ClientSettings& settings) {
  Diagnosis diagnosis{Walk(settings).run(plan_search(place, settings)), {}};
  diagnosis.verdict = judge(diagnosis.steps);
  return diagnosis;
}

}  // namespace hearth
