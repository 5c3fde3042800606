/// PauseWatch: notices that this process, or the machine under it, stood still.
///
/// Layer: upkeep.        Thread rule: plain object; the caller says what time it is.
#pragma once

#include <cstdint>
#include <optional>

namespace hearth {

class PauseWatch {
 public:
  /// tick() is called every `tick_ms`; later by `pause_ms` than that is a pause.
  PauseWatch(std::uint32_t tick_ms, std::uint32_t pause_ms, std::uint64_t now_ms)
      : tick_ms_(tick_ms), pause_ms_(pause_ms), last_ms_(now_ms) {}

  /// For how long it stood still since the last call, if it did. The time must go on while the machine is suspended.
  [[nodiscard]] std::optional<std::uint64_t> tick(std::uint64_t now_ms) {
    const std::uint64_t passed_ms = now_ms - last_ms_;
    last_ms_ = now_ms;
    if (passed_ms < std::uint64_t{tick_ms_} + pause_ms_) return std::nullopt;
    return passed_ms - tick_ms_;
  }

 private:
  const std::uint32_t tick_ms_;
  const std::uint32_t pause_ms_;
  std::uint64_t last_ms_;
};

}  // namespace hearth
