/// Deadline: the moment when waiting ends, in the form that poll() wants.
///
/// Layer: client-lib, private.        Thread rule: plain value.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>

namespace hearth {

class Deadline {
 public:
  /// 0: never.
  static Deadline after_ms(std::uint32_t wait_ms) {
    return wait_ms == 0 ? Deadline(Clock::time_point::max())
                        : Deadline(Clock::now() + std::chrono::milliseconds(wait_ms));
  }

  /// A deadline that leaves as much for each of `shares` waits that follow each other.
  [[nodiscard]] Deadline share(std::size_t shares) const {
    if (is_never()) return *this;
    return Deadline(Clock::now() +
                    std::max(Clock::duration::zero(), at_ - Clock::now()) / static_cast<Clock::rep>(shares));
  }

  /// The earlier of this one and another after so long (0: this one).
  [[nodiscard]] Deadline at_most_ms(std::uint32_t wait_ms) const {
    return Deadline(std::min(at_, after_ms(wait_ms).at_));
  }

  /// Milliseconds, rounded up; the largest number for never.
  [[nodiscard]] std::uint32_t left_ms() const {
    constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
    if (is_never()) return most;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(at_ - Clock::now()).count();
    return static_cast<std::uint32_t>(std::clamp<decltype(left)>(left, 0, most));
  }

  /// As a setting spells it: 0 for never, so at least 1.
  [[nodiscard]] std::uint32_t timeout_ms() const { return is_never() ? 0 : std::max(left_ms(), 1U); }

  /// poll()'s timeout: -1 for never, else milliseconds rounded up, so that 0 means passed.
  [[nodiscard]] int poll_timeout_ms() const {
    if (is_never()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(at_ - Clock::now()).count();
    return static_cast<int>(std::clamp<decltype(left)>(left, 0, std::numeric_limits<int>::max()));
  }

 private:
  using Clock = std::chrono::steady_clock;
  explicit Deadline(Clock::time_point at) : at_(at) {}
  [[nodiscard]] bool is_never() const { return at_ == Clock::time_point::max(); }

  Clock::time_point at_;
};

}  // namespace hearth
