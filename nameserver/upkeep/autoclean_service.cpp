#include "nameserver/upkeep/autoclean_service.h"

#include <fmt/format.h>

#include <ctime>

#include "protocol/base/log.h"

namespace hearth {
namespace {

constexpr std::uint32_t tick_ms = 1000;  // how late a round or the end of a pause may be noticed

/// Goes on while the machine is suspended, which CLOCK_MONOTONIC and the loop's time do not.
std::uint64_t boot_time_ms() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1000 + static_cast<std::uint64_t>(now.tv_nsec) / 1000000;
}

}  // namespace

AutocleanService::AutocleanService(Loop& loop, Index& index, MutationSink& commits, std::uint32_t period_ms,
                                   const Limits& limits)
    : prober_(loop, limits),
      autoclean_({index, commits, prober_, [] { return ListeningSockets::now(); }, [this] { soon_.start_once(0); }},
                 period_ms, limits),
      sink_(commits, autoclean_, index),
      pauses_(tick_ms, limits.autoclean_pause_ms, boot_time_ms()),
      tick_(loop, [this] { on_tick(); }),
      soon_(loop, [this] { work(); }) {
  autoclean_.start_afresh(boot_time_ms());
  tick_.start_every(tick_ms);
}

void AutocleanService::stop() {
  tick_.stop();
  soon_.stop();
  autoclean_.stop();
}

void AutocleanService::on_tick() {
  const std::uint64_t now_ms = boot_time_ms();
  if (const auto pause_ms = pauses_.tick(now_ms)) {
    log(LogLevel::info, LogCategory::upkeep,
        fmt::format("autoclean: this process stood still for {} s; every name gets a full period again",
                    *pause_ms / 1000));
    autoclean_.start_afresh(now_ms);
  }
  work();
}

void AutocleanService::work() {
  if (autoclean_.work(boot_time_ms())) soon_.start_once(0);
}

}  // namespace hearth
