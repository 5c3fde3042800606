#include "protocol/loop/handshake_turns.h"

#include "protocol/base/check.h"

namespace hearth {

HandshakeTurns::HandshakeTurns(Loop& loop, const Limits& limits)
    : limits_(limits), waker_(loop, [this] { give_turns(); }) {}

void HandshakeTurns::ask(Waiting& waiting) {
  HEARTH_CHECK(!waiting.place_);
  if (queue_.empty()) waker_.wake();
  waiting.place_ = queue_.insert(queue_.end(), &waiting);
}

void HandshakeTurns::forget(Waiting& waiting) {
  if (!waiting.place_) return;
  queue_.erase(*waiting.place_);
  waiting.place_.reset();
}

void HandshakeTurns::give_turns() {
  for (std::uint32_t given = 0; given < limits_.tls_handshakes_per_turn_max && !queue_.empty(); ++given) {
    Waiting& next = *queue_.front();
    forget(next);
    next.take_turn();
  }
  if (!queue_.empty()) waker_.wake();
}

}  // namespace hearth
