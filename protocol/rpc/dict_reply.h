/// DictReply: the payload of a reply that is a dict, encoded item by item into blocks. Private to the server session.
///
/// Layer: rpc.        Thread rule: that of the session.
/// Memory: the bytes of the reply, once; no value of it is kept.
/// Errors: sticky; what the format cannot carry, and more than Limits::reply_bytes_max.
#pragma once

#include <optional>

#include <hearth/result.h>

#include "protocol/base/byte_blocks.h"
#include "protocol/base/limits.h"
#include "protocol/rpc/long_answer.h"
#include "protocol/serial/serializer.h"

namespace hearth {

/// Of an answer of more than Limits::reply_bytes_max.
[[nodiscard]] Error reply_too_large();

class DictReply final : public ItemSink {
 public:
  explicit DictReply(const Limits& limits) : limits_(limits) {}

  /// For the next reply; the last one's blocks have been taken. nullptr: nobody reads it (a oneway call), the items are dropped.
  void start(const Serializer* serializer);
  void start_turn() { bytes_at_turn_ = items_.size(); }
  [[nodiscard]] bool add(std::string_view key, const Value& value) override;
  /// No item follows: from now on head() is right.
  void complete();

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  /// Of the whole payload, as far as it is known.
  [[nodiscard]] std::size_t bytes() const { return head_.size() + items_.size(); }
  /// What comes before the items.
  [[nodiscard]] const Bytes& head() const { return head_; }
  [[nodiscard]] const ByteBlocks& items() const { return items_; }
  [[nodiscard]] ByteBlocks take_items() { return std::move(items_); }

 private:
  void check_size();

  const Limits& limits_;
  const Serializer* serializer_ = nullptr;
  std::size_t count_ = 0;
  std::size_t bytes_at_turn_ = 0;
  Bytes head_;
  ByteBlocks items_;
  std::optional<Error> error_;
};

}  // namespace hearth
