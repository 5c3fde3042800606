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
