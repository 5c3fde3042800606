/// LogThrottle: keeps a line that repeats from filling the log: it is written once per period, with a count of those left out.
///
/// Layer: base (no clock: the caller says what time it is).        Thread rule: none, plain object.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/base/log.h"

namespace hearth {

class LogThrottle {
 public:
  static constexpr std::uint64_t default_period_ms = 10000;

  explicit LogThrottle(std::uint64_t period_ms = default_period_ms) : period_ms_(period_ms) {}

  /// Whether a line may be written now: how many were held back since the last one; nullopt: hold this one back as well.
  [[nodiscard]] std::optional<std::uint64_t> admit(std::uint64_t now_ms) {
    if (quiet_until_ms_ && now_ms < *quiet_until_ms_) {
      ++held_back_;
      return std::nullopt;
    }
    quiet_until_ms_ = now_ms + period_ms_;
    const std::uint64_t count = held_back_;
    held_back_ = 0;
    return count;
  }

  /// Writes the line or counts it.
  void write(std::uint64_t now_ms, LogLevel level, LogCategory category, std::string text) {
    const auto held_back = admit(now_ms);
    if (!held_back) return;
    if (*held_back > 0) text += " (" + std::to_string(*held_back) + " more of the kind were not logged)";
    log(level, category, text);
  }

 private:
  std::uint64_t period_ms_;
  std::optional<std::uint64_t> quiet_until_ms_;
  std::uint64_t held_back_ = 0;
};

}  // namespace hearth
