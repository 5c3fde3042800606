/// Backoff: how long to wait before trying again: longer each time, and never the same for all clients of a server that
/// comes back.
///
/// Layer: client-lib, private (no sockets).        Thread rule: none, plain object.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>

namespace hearth {

class Backoff {
 public:
  Backoff(std::uint32_t first_ms, std::uint32_t max_ms) : first_ms_(first_ms), max_ms_(max_ms), step_ms_(first_ms) {}

  /// Between half a step and a whole one; the next step is twice as long.
  [[nodiscard]] std::uint32_t next_ms() {
    const std::uint32_t step = std::min(step_ms_, max_ms_);
    step_ms_ = step > max_ms_ / 2 ? max_ms_ : step * 2;
    // Most backoffs are never asked, and a seed costs as much as a call.
    if (!random_) random_.emplace(std::random_device()());
    return std::uniform_int_distribution<std::uint32_t>(step / 2, step)(*random_);
  }

  /// The same, but at most half of what is left until some end: so what happens shortly before that is seen.
  [[nodiscard]] std::uint32_t next_ms_of(std::uint32_t left_ms) { return std::min(next_ms(), left_ms - left_ms / 2); }

  /// All is well again.
  void reset() { step_ms_ = first_ms_; }

 private:
  std::uint32_t first_ms_;
  std::uint32_t max_ms_;
  std::uint32_t step_ms_;
  std::optional<std::minstd_rand> random_;
};

}  // namespace hearth
