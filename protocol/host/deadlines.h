/// Deadlines: when to look after which connection, with one timer for all. Private to protocol/host.
///
/// Layer: host.        Thread rule: loop thread.
/// An entry exists only while somebody owes us something, so idle connections cost nothing here and wake nobody.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "protocol/loop/timer.h"
#include "protocol/rpc/call.h"

namespace hearth {

class Deadlines {
 public:
  /// `expired` may add and remove deadlines, its own connection's too; that deadline itself is gone when it is called.
  Deadlines(Loop& loop, std::function<void(ConnectionId)> expired);

  [[nodiscard]] std::uint64_t now_ms() const { return loop_.now_ms(); }

  void add(std::uint64_t when_ms, ConnectionId connection);
  /// Takes the same pair that was added.
  void remove(std::uint64_t when_ms, ConnectionId connection);

 private:
  void arm();
  void run_expired();

  Loop& loop_;
  std::function<void(ConnectionId)> expired_;
  std::set<std::pair<std::uint64_t, ConnectionId>> pending_;
  std::optional<std::uint64_t> armed_for_ms_;
  Timer timer_;
};

}  // namespace hearth
