/// LargeReplies: what keeps replies that have grown large from costing others: places for a few that are being built at once, and
/// the freeing of their blocks, a block a turn.
///
/// Layer: rpc.        Thread rule: that of the sessions, which share it.
/// Order: places are given in the order of asking. Who waits holds nothing but its place in the line.
#pragma once

#include <deque>
#include <vector>

#include "protocol/base/byte_blocks.h"
#include "protocol/base/limits.h"
#include "protocol/rpc/call.h"

namespace hearth {

class LargeReplies {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    /// It has got the place that it waited for: call ServerSession::resume(). Not from inside this call.
    virtual void on_place(ConnectionId connection) = 0;
    /// Call free_block() in turns until it answers false. Not from inside this call.
    virtual void on_rubbish() = 0;
  };

  /// `limits` and `owner` must outlive it.
  LargeReplies(const Limits& limits, Owner& owner) : limits_(limits), owner_(owner) {}

  /// True: has a place, from now on or already. False: stands in the line, and on_place() comes.
  [[nodiscard]] bool enter(ConnectionId connection);
  /// Gives the place back, or leaves the line; or does nothing.
  void leave(ConnectionId connection);
  /// Limits::large_replies_max may have grown.
  void limits_changed() { admit(); }

  void throw_away(ByteBlocks blocks);
  /// False: that was all.
  bool free_block();

 private:
  void admit();

  const Limits& limits_;
  Owner& owner_;
  std::vector<ConnectionId> inside_;
  std::deque<ConnectionId> line_;
  ByteBlocks rubbish_;
};

}  // namespace hearth
