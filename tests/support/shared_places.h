/// SharedPlaces: the LargeReplies of sessions that have no host; the test sees who got a place, and gives the turns.
#pragma once

#include <vector>

#include "protocol/rpc/large_replies.h"
#include "protocol/rpc/server_session.h"

namespace hearth::test {

class SharedPlaces final : private LargeReplies::Owner {
 public:
  explicit SharedPlaces(const Limits& limits) : replies(limits, *this) {}

  LargeReplies replies;
  std::vector<ConnectionId> admitted;  ///< after they had waited
  int times_rubbish = 0;

 private:
  void on_place(ConnectionId connection) override { admitted.push_back(connection); }
  void on_rubbish() override { ++times_rubbish; }
};

/// All blocks.
inline Bytes whole_output(ServerSession& session) {
  Bytes output;
  while (session.has_output()) output += session.take_output();
  return output;
}

}  // namespace hearth::test
