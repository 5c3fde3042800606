#include <algorithm>
#include <utility>

#include "client-lib/uv/call_pool.h"
#include "client-lib/uv/resolving.h"

namespace hearth::uv {

bool CallPool::is_connected() const { return any_ready() != nullptr; }

Connection* CallPool::any_ready() const {
  const auto ready = std::find_if(connections_.begin(), connections_.end(), [](const auto& connection) {
    return connection->is_ready() && !connection->is_leaving();
  });
  return ready == connections_.end() ? nullptr : ready->get();
}

Connection* CallPool::find(std::uint64_t number) const {
  const auto found = std::find_if(connections_.begin(), connections_.end(), [number](const auto& connection) {
    return connection->number() == number && connection->is_ready();
  });
  return found == connections_.end() ? nullptr : found->get();
}

/// For the next call: one that is idle; else a new one, for which the call waits; else, if there may be no more, the least busy.
/// nullptr: none is ready yet. They are made one after the other.
Connection* CallPool::choose() {
  Connection* best = nullptr;
  std::size_t count = 0;
  bool is_making_one = resolving_ != nullptr;
  for (const auto& connection : connections_) {
    if (connection->is_leaving()) continue;
    ++count;
    if (!connection->is_ready()) {
      is_making_one = true;
    } else if (best == nullptr || connection->unanswered().size() < best->unanswered().size()) {
      best = connection.get();
    }
  }
  if (best != nullptr && best->unanswered().empty()) return best;
  if (is_making_one) return nullptr;
  if (count >= connections_wanted_) return best;
  dial();
  return nullptr;
}

void CallPool::dial() {
  if (uri_.protocol == "PYRO") return open(uri_);
  resolving_ = std::make_unique<Resolving>(engine_, uri_, settings_,
                                           [this](ClientResult<Uri> place) { on_resolved(std::move(place)); });
}

void CallPool::open(Uri place) {
  Connection::Owner& owner = *this;
  connections_.push_back(
      std::make_unique<Connection>(*engine_, owner, ++last_number_, std::move(place), settings_, dialect_));
}

void CallPool::on_resolved(ClientResult<Uri> place) {
  resolving_.reset();
  if (place) {
    known_place_ = *place;
    return open(std::move(*place));
  }
  // Without a name server an object that has been found once is looked for where it was.
  const bool is_gone = place.error().kind == ClientErrorKind::unknown_name;
  if (is_gone || !known_place_) return dial_failed(place.error());
  open(*known_place_);
}

void CallPool::on_ready(Connection& connection) {
  dialect_ = connection.dialect();
  metadata_ = connection.metadata();
  handshake_answer_ = connection.handshake_answer();
  work();
}

/// Nothing is told of it any more.
void CallPool::drop(Connection& connection) {
  connection.close();
  const auto at = std::find_if(connections_.begin(), connections_.end(),
                               [&connection](const auto& owned) { return owned.get() == &connection; });
  engine_->retire(std::shared_ptr<Connection>(std::move(*at)));
  connections_.erase(at);
}

void CallPool::drop_abandoned() {
  std::vector<Connection*> abandoned;
  for (const auto& connection : connections_) {
    if (connection->is_abandoned()) abandoned.push_back(connection.get());
  }
  for (Connection* connection : abandoned) drop(*connection);
}

void CallPool::on_over(Connection& connection, ClientError error) {
  const bool was_ready = connection.has_been_ready();
  Calls unanswered = connection.take_unanswered();
  drop(connection);
  if (!was_ready) return dial_failed(error);
  connections_wanted_ = connections_max_;  // there may be room again
  const bool is_last = any_ready() == nullptr;
  settle(std::move(unanswered), error);
  if (!is_closed_ && is_last && on_lost_) on_lost_();
}

void CallPool::dial_failed(const ClientError& error) {
  const auto ready = std::count_if(connections_.begin(), connections_.end(), [](const auto& connection) {
    return connection->is_ready() && !connection->is_leaving();
  });
  if (ready > 0) {  // those that there are have to do
    connections_wanted_ = static_cast<std::uint32_t>(ready);
    return work();
  }
  settle(std::exchange(waiting_, {}), error);
}

/// Each of the calls is made again, if that is allowed, or told the error.
void CallPool::settle(Calls calls, const ClientError& error) {
  Calls again;
  for (auto& call : calls) {
    if (!call->is_wanted()) continue;
    if (error.kind == ClientErrorKind::unreachable && call->repeats_left > 0) {
      --call->repeats_left;
      again.push_back(std::move(call));
      continue;
    }
    call->tell(tl::unexpected<ClientError>(error));
    if (is_closed_) return;
  }
  const bool is_failure = !again.empty();
  put_back(std::move(again));
  if (is_failure) return hold_after_failure();
  if (!waiting_.empty()) work_soon();
}

/// The first repeat at once: a connection that was just lost is most often lost alone.
void CallPool::hold_after_failure() {
  if (++failures_ == 1) return work_soon();
  if (turn_ != Turn::none) return;
  turn_ = Turn::held;
  turn_timer_.start_once(backoff_.next_ms());
}

}  // namespace hearth::uv
