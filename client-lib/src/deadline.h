/// Deadline: the moment when waiting ends, in the form that poll() wants, and what may end it before.
///
/// Layer: client-lib, private.        Thread rule: plain value.
/// Ownership: knows the Interrupt of the settings that it was made from, which outlive it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>

#include <hearth/interrupt.h>

namespace hearth {

class Deadline {
 public:
  /// 0: never.
  static Deadline after_ms(std::uint32_t wait_ms, const Interrupt* interrupt = nullptr) {
    return {wait_ms == 0 ? Clock::time_point::max() : Clock::now() + std::chrono::milliseconds(wait_ms), interrupt};
  }

  /// A deadline that leaves as much for each of `shares` waits that follow each other.
  [[nodiscard]] Deadline share(std::size_t shares) const {
    if (is_never()) return *this;
    const auto left = std::max(Clock::duration::zero(), at_ - Clock::now());
    return {Clock::now() + left / static_cast<Clock::rep>(shares), interrupt_};
  }

  /// The earlier of this one and another after so long (0: this one).
  [[nodiscard]] Deadline at_most_ms(std::uint32_t wait_ms) const {
    return {std::min(at_, after_ms(wait_ms).at_), interrupt_};
  }

  /// Readable once nothing shall be waited for any more; -1 if there is no such thing.
  [[nodiscard]] int interrupt_descriptor() const { return interrupt_ == nullptr ? -1 : interrupt_->descriptor(); }

  /// Milliseconds, rounded up; the largest number for never.
  [[nodiscard]] std::uint32_t left_ms() const {
    constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
    if (is_interrupted()) return 0;
    if (is_never()) return most;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(at_ - Clock::now()).count();
    return static_cast<std::uint32_t>(std::clamp<decltype(left)>(left, 0, most));
  }

  /// As a setting spells it: 0 for never, so at least 1.
  [[nodiscard]] std::uint32_t timeout_ms() const { return is_never() ? 0 : std::max(left_ms(), 1U); }

  /// poll()'s timeout: -1 for never, else milliseconds rounded up, so that 0 means passed.
  [[nodiscard]] int poll_timeout_ms() const {
    if (is_interrupted()) return 0;
    if (is_never()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(at_ - Clock::now()).count();
    return static_cast<int>(std::clamp<decltype(left)>(left, 0, std::numeric_limits<int>::max()));
  }

 private:
  using Clock = std::chrono::steady_clock;
  Deadline(Clock::time_point at, const Interrupt* interrupt) : at_(at), interrupt_(interrupt) {}
  [[nodiscard]] bool is_never() const { return at_ == Clock::time_point::max(); }
  [[nodiscard]] bool is_interrupted() const { return interrupt_ != nullptr && interrupt_->is_set(); }

  Clock::time_point at_;
  const Interrupt* interrupt_;
};

}  // namespace hearth
