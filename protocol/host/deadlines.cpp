#include "protocol/host/deadlines.h"

namespace hearth {

Deadlines::Deadlines(Loop& loop, std::function<void(ConnectionId)> expired)
    : loop_(loop), expired_(std::move(expired)), timer_(loop, [this] { run_expired(); }) {}

void Deadlines::add(std::uint64_t when_ms, ConnectionId connection) {
  pending_.emplace(when_ms, connection);
  arm();
}

/// Leaves the timer as it is: one wake too many is cheaper than setting it anew for every handshake that succeeds.
void Deadlines::remove(std::uint64_t when_ms, ConnectionId connection) {
  pending_.erase({when_ms, connection});
  if (!pending_.empty()) return;
  timer_.stop();
  armed_for_ms_.reset();
}

void Deadlines::arm() {
  if (pending_.empty()) return;
  const std::uint64_t next_ms = pending_.begin()->first;
  if (armed_for_ms_ && *armed_for_ms_ <= next_ms) return;
  armed_for_ms_ = next_ms;
  const std::uint64_t now = now_ms();
  timer_.start_once(next_ms > now ? next_ms - now : 0);
}

void Deadlines::run_expired() {
  armed_for_ms_.reset();
  const std::uint64_t now = now_ms();
  while (!pending_.empty() && pending_.begin()->first <= now) {
    const ConnectionId connection = pending_.begin()->second;
    pending_.erase(pending_.begin());
    expired_(connection);
  }
  arm();
}

}  // namespace hearth
