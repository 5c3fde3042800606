/// LogThrottle: keeps lines that repeat from filling the log: the first few of a period are written, with a count of those left
/// out before.
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

  explicit LogThrottle(std::uint64_t period_ms = default_period_ms, std::uint32_t lines_per_period = 1)
      : period_ms_(period_ms), lines_per_period_(lines_per_period) {}

  /// Whether a line may be written now: how many were held back since the last one; nullopt: hold this one back as well.
  [[nodiscard]] std::optional<std::uint64_t> admit(std::uint64_t now_ms) {
    if (!period_ends_ms_ || now_ms >= *period_ends_ms_) {
      period_ends_ms_ = now_ms + period_ms_;
      written_ = 0;
    }
    if (written_ == lines_per_period_) {
      ++held_back_;
      return std::nullopt;
    }
    ++written_;
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
  std::uint32_t lines_per_period_;
  std::optional<std::uint64_t> period_ends_ms_;
  std::uint32_t written_ = 0;  ///< in this period
  std::uint64_t held_back_ = 0;
};

}  // namespace hearth
