/// AutocleanService: autoclean at work: with a clock, timers, and sockets to probe through.
///
/// Layer: upkeep (registry, loop).        Thread rule: loop thread.
/// Stop: stop(), then the committer, then this: what the committer still holds may answer to it.
#pragma once

#include <cstdint>

#include "nameserver/upkeep/autoclean.h"
#include "nameserver/upkeep/pause_watch.h"
#include "nameserver/upkeep/pyro_prober.h"
#include "nameserver/upkeep/watched_sink.h"
#include "protocol/loop/timer.h"

namespace hearth {

class AutocleanService {
 public:
  /// Starts; the first round is a period away. All must outlive it but `commits`, see above.
  AutocleanService(Loop& loop, Index& index, MutationSink& commits, std::uint32_t period_ms, const Limits& limits);

  /// What everybody else's changes must go through.
  [[nodiscard]] MutationSink& sink() { return sink_; }

  /// No more probes and no more removals.
  void stop();

  [[nodiscard]] AutocleanStatus status() const { return autoclean_.status(); }
  /// Administration::confirm_autoclean().
  std::uint64_t confirm() { return autoclean_.confirm(); }

 private:
  void on_tick();
  void work();

  PyroProber prober_;
  Autoclean autoclean_;
  WatchedSink sink_;
  PauseWatch pauses_;
  Timer tick_;
  Timer soon_;
};

}  // namespace hearth
