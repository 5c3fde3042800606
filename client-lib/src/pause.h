/// pause(): waiting between two attempts, with the end in sight.
///
/// Layer: client-lib, private.        Thread rule: none.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <thread>

#include "client-lib/src/backoff.h"
#include "client-lib/src/deadline.h"

namespace hearth {

/// Sleeps for the next step of the backoff, but no more than half of what is left until the deadline: so what happens shortly
/// before the end is seen. False, without sleeping, when nothing is left.
[[nodiscard]] inline bool pause(Backoff& backoff, const Deadline& deadline) {
  const std::uint32_t left_ms = deadline.left_ms();
  if (left_ms == 0) return false;
  std::this_thread::sleep_for(std::chrono::milliseconds(std::min(backoff.next_ms(), (left_ms + 1) / 2)));
  return true;
}

}  // namespace hearth
