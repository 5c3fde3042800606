/// diagnose(): why no name server is found, or what will go wrong with the one that is.
///
/// Layer: client-lib, public.        Thread rule: any thread; blocking. The verdict is a pure function of the steps.
/// Answers what Pyro's "Failed to locate the nameserver" leaves open (PYRO.md section 5).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <hearth/api.h>
#include <hearth/locate.h>
#include <hearth/step_outcome.h>

namespace HEARTH_API hearth {

enum class StepKind : unsigned char {
  // The steps of locate().
  given_host,
  loopback,          ///< the configured host, if that is this machine
  debian_loopback,   ///< 127.0.1.1
  broadcast,         ///< the question to one of the broadcast addresses
  broadcast_answer,  ///< connecting to what one name server has answered
  configured_host,

  // What is looked at besides.
  own_loopback,      ///< the loopback, where another address of this machine was asked for in vain
  own_registration,  ///< the URI that a name server which works has registered for itself
  rival,             ///< another name server, which a hearthd says it has met
};

struct DiagnosisStep {
  StepKind kind = StepKind::given_host;
  std::string
      place;  ///< what was asked: "localhost:9090", "./u:/run/x"; for answers, registrations and rivals their URI
  StepOutcome outcome = StepOutcome::works;
  std::string said = {};       ///< what the other side said, or the error's own words; printable text
  std::string responder = {};  ///< broadcast_answer, rival: who answered, "192.0.2.7:9091"
  /// The name servers that work are numbered from 1 on; steps of the same number reached the same one. 0: none.
  std::size_t server = 0;
};

enum class Health : unsigned char {
  healthy,
  impaired,  ///< a name server works, but something is wrong that clients will run into
  missing,   ///< no name server can be used
};

/// What is most likely wrong. Each has its remedy.
enum class Cause : unsigned char {
  none,
  nothing_runs,
  loopback_only,  ///< it runs, but listens on the loopback only
  port_blocked,   ///< a firewall
  no_route,
  host_unknown,
  not_allowed,         ///< by this machine: permissions of the Unix socket, a local firewall
  bad_place,           ///< what was asked for cannot be connected to
  other_program,       ///< something that does not speak Pyro has the port
  other_pyro_program,  ///< objects are hosted there, but no name server
  not_answering,       ///< takes connections, and no more
  tls_expected,
  tls_unwanted,
  tls_failed,
  certificate_bad,
  certificate_wanted,
  serializer_refused,
  key_missing,
  key_unwanted,
  key_wrong,
  no_free_worker,
  turned_away,
  bad_uri,           ///< the broadcast is answered with a URI that is of no use here
  unreachable_uri,   ///< the same with one that leads to nobody
  rivals,            ///< several name servers, and each client finds another one
  bad_registration,  ///< Pyro.NameServer itself is registered with a URI that is of no use
};

struct Verdict {
  Cause cause = Cause::none;
  Health health = Health::healthy;
  std::string explanation;  ///< for people, whole sentences: the likely cause; healthy: which name server works
  std::string remedy;       ///< for people, whole sentences: what to do; healthy: empty
};

struct Diagnosis {
  std::vector<DiagnosisStep> steps;
  Verdict verdict;
};

/// Goes through the steps of locate() for `place`. Where one works, the later ones that locate() would not need are left out;
/// the broadcast is always sent, as it is how rivals are found. Takes as long as the settings let connections and a broadcast
/// wait, and for each host name what the resolver takes.
[[nodiscard]] HEARTH_API Diagnosis diagnose(const NameServerPlace& place, const ClientSettings& settings);

/// The verdict on these steps.
[[nodiscard]] HEARTH_API Verdict judge(const std::vector<DiagnosisStep>& steps);

/// What the step was and what it met, in one line without a full stop: "localhost:9090 refused the connection".
[[nodiscard]] HEARTH_API std::string describe(const DiagnosisStep& step);

/// The enumerators' own names, which `nsc doctor --json` prints.
[[nodiscard]] HEARTH_API std::string_view to_string(StepKind kind);
[[nodiscard]] HEARTH_API std::string_view to_string(Health health);
[[nodiscard]] HEARTH_API std::string_view to_string(Cause cause);

}  // namespace hearth
