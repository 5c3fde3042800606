/// Autoclean: removes the names whose objects have been gone for a while, and no others.
///
/// Layer: upkeep (registry).        Thread rule: loop thread.
/// Reference: Pyro4/naming.py AutoCleaner (PYRO.md section 6, "Autoclean"), which USERS.md 1.2 e, f, g find wanting.
/// No socket and no clock: it asks a LocationProber, gets the time as an argument, and works in small pieces.
///
/// A round, one period after the one before: collect the locations of all names -> probe each once -> weigh what that means
/// (LocationMemory) -> judge every name by its location and its object. A name that is missing turns suspect; it is removed in
/// the first round that still finds it missing Limits::autoclean_grace_ms later. The engine removes it only if it still has the
/// URI that was judged.
/// A name that somebody registers or removes is not judged in the round that is under way, and starts fresh: on_registered().
/// The brake: if more than half of at least Limits::autoclean_brake_locations_min locations fail at once, the fault is more
/// likely ours or the network's: nothing is removed until half of them answer again or an operator confirms the loss. The
/// grace of what is missing begins when the brake is released.
#pragma once

#include <absl/container/flat_hash_set.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "nameserver/model/mutation_sink.h"
#include "nameserver/registry/index.h"
#include "nameserver/registry/server_status.h"
#include "nameserver/upkeep/location_memory.h"
#include "nameserver/upkeep/location_prober.h"
#include "nameserver/upkeep/location_table.h"
#include "nameserver/upkeep/probe_queue.h"
#include "nameserver/upkeep/suspects.h"
#include "nameserver/upkeep/watched_sink.h"
#include "protocol/base/limits.h"
#include "protocol/base/throttle.h"

namespace hearth {

class Autoclean final : public RegistrationWatcher {
 public:
  /// What it works with; all must outlive it.
  struct Surroundings {
    Index& index;
    MutationSink& sink;  ///< must call or destroy every waiter before the Autoclean goes
    LocationProber& prober;
    std::function<ListeningSockets()> listening_sockets;
    std::function<void()> work_wanted;  ///< call work() soon; never called from inside it
  };

  Autoclean(Surroundings surroundings, std::uint32_t period_ms, const Limits& limits);
  ~Autoclean() override;

  /// Everybody gets a full period: all suspicion and a round under way are forgotten, the next begins a period later. At the
  /// start, and after a pause in which this process or the machine stood still.
  void start_afresh(std::uint64_t now_ms);
  /// Does a piece of what is due, about a millisecond's worth. True: there is more to do, after others have had their turn.
  /// False: call again within a second, or when work_wanted.
  bool work(std::uint64_t now_ms);
  /// No more probes and no more removals.
  void stop();

  void on_registered(std::string_view name, std::string_view uri) override;
  void on_removed(std::string_view name) override;

  [[nodiscard]] AutocleanStatus status() const;
  /// Administration::confirm_autoclean().
  std::uint64_t confirm();

 private:
  enum class Phase : unsigned char { waiting, collecting, probing, weighing, judging, stopped };
  class Waiter;

  struct Removal {
    std::string name;
    std::string reason;
    std::uint64_t for_ms;
  };

  void begin_round();
  void collect();
  bool probe(std::uint64_t now_ms);
  void start_probe(std::size_t item);
  void on_probed(std::size_t item, ProbeResult result);
  void weigh(std::uint64_t now_ms);
  void weigh_one(ProbedLocation& location, std::uint64_t now_ms);
  void decide_brake();
  bool judge();
  void judge_one(std::string_view name, std::string_view uri, Evict& evict, std::vector<Removal>& removals);
  void on_evicted(const Evict& evict, const std::vector<Removal>& removals, const Result<Outcome>& outcome);
  void finish_round(std::uint64_t now_ms);
  void forget_round();
  template <class Visit>
  bool walk(Visit visit);

  const Surroundings with_;
  const std::uint32_t period_ms_;
  const Limits limits_;
  Phase phase_ = Phase::waiting;
  std::uint64_t next_round_ms_ = 0;

  // What lasts from round to round.
  Suspects suspects_;
  LocationMemory memory_;
  AutocleanStatus status_;
  std::vector<std::string> braked_locations_;  ///< failing ones that nobody has confirmed, while the brake is on
  std::uint64_t braked_names_ = 0;             ///< registered there
  LogThrottle failure_log_;

  // The round under way.
  LocationTable table_;
  ProbeQueue queue_;
  Witness witness_;
  std::optional<std::string> cursor_;         ///< the last name looked at
  std::size_t weighed_ = 0;                   ///< locations
  absl::flat_hash_set<std::size_t> touched_;  ///< hashes of the names registered or removed since it began
  std::uint64_t judged_at_ms_ = 0;
  std::uint64_t confirmed_ = 0;  ///< locations known to be dead, which do not count for the brake
  std::uint64_t failing_ = 0;    ///< of the others
  std::vector<std::string> failing_locations_;
  std::uint64_t failing_names_ = 0;
};

}  // namespace hearth
