#include "protocol/rpc/large_replies.h"

#include <algorithm>
#include <utility>

namespace hearth {

bool LargeReplies::enter(ConnectionId connection) {
  const auto has = [connection](const auto& ids) { return std::find(ids.begin(), ids.end(), connection) != ids.end(); };
  if (has(inside_)) return true;
  if (has(line_)) return false;
  if (line_.empty() && inside_.size() < limits_.large_replies_max) {
    inside_.push_back(connection);
    return true;
  }
  line_.push_back(connection);
  return false;
}

void LargeReplies::leave(ConnectionId connection) {
  std::erase(line_, connection);
  if (std::erase(inside_, connection) > 0) admit();
}

void LargeReplies::admit() {
  while (!line_.empty() && inside_.size() < limits_.large_replies_max) {
    inside_.push_back(line_.front());
    line_.pop_front();
    owner_.on_place(inside_.back());
  }
}

void LargeReplies::throw_away(ByteBlocks blocks) {
  if (blocks.empty()) return;
  const bool was_empty = rubbish_.empty();
  rubbish_.append(std::move(blocks));
  if (was_empty) owner_.on_rubbish();
}

bool LargeReplies::free_block() {
  if (!rubbish_.empty()) static_cast<void>(rubbish_.take_front());
  return !rubbish_.empty();
}

}  // namespace hearth
