/// pause(): waiting between two attempts, with the end in sight.
///
/// Layer: client-lib, private.        Thread rule: none.
#pragma once

#include <cstdint>

#include "client-lib/src/backoff.h"
#include "client-lib/src/deadline.h"
#include "client-lib/src/socket.h"

namespace hearth {

/// Sleeps for the next step of the backoff, as far as the deadline allows. False, without sleeping, when nothing is left.
[[nodiscard]] inline bool pause(Backoff& backoff, const Deadline& deadline) {
  const std::uint32_t left_ms = deadline.left_ms();
  if (left_ms == 0) return false;
  const std::uint32_t wait_ms = backoff.next_ms_of(left_ms);
  if (wait_ms > 0) static_cast<void>(Socket().wait_for(0, deadline.at_most_ms(wait_ms)));
  return true;
}

}  // namespace hearth
