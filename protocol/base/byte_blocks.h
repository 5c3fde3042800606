/// ByteBlocks: bytes in blocks, so that neither growing, sending nor freeing them moves or touches more than one block at a time.
///
/// Layer: base.        Thread rule: none, plain object.
/// Ownership: owns its blocks; take_front() gives one away.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "protocol/base/bytes.h"
#include "protocol/base/check.h"
#include "protocol/base/limits.h"

namespace hearth {

class ByteBlocks {
 public:
  ByteBlocks() = default;
  ByteBlocks(ByteBlocks&& other) noexcept
      : blocks_(std::exchange(other.blocks_, {})),
        first_(std::exchange(other.first_, 0)),
        bytes_before_last_(std::exchange(other.bytes_before_last_, 0)) {}
  ByteBlocks& operator=(ByteBlocks&&) = delete;

  [[nodiscard]] bool empty() const { return blocks_.empty(); }
  [[nodiscard]] std::size_t size() const { return empty() ? 0 : bytes_before_last_ + blocks_.back().size(); }
  [[nodiscard]] std::size_t block_count() const { return blocks_.size() - first_; }
  [[nodiscard]] const Bytes& block(std::size_t index) const { return blocks_[first_ + index]; }

  /// To append a piece to, which stays in one block. The first block grows as it must, so that few bytes cost little.
  [[nodiscard]] Bytes& tail() {
    if (empty()) return blocks_.emplace_back();
    if (blocks_.back().size() < reply_block_bytes) return blocks_.back();
    bytes_before_last_ += blocks_.back().size();
    Bytes& block = blocks_.emplace_back();
    block.reserve(reply_block_bytes + reply_block_bytes / 16);  // room for the piece that makes it full
    return block;
  }

  /// Takes over the blocks of another one, behind its own.
  void append(ByteBlocks other) {
    if (other.empty()) return;
    bytes_before_last_ = size() + other.bytes_before_last_;
    for (std::size_t i = other.first_; i < other.blocks_.size(); ++i) blocks_.push_back(std::move(other.blocks_[i]));
    other.blocks_.clear();
  }

  [[nodiscard]] Bytes take_front() {
    HEARTH_CHECK(!empty());
    Bytes front = std::move(blocks_[first_++]);
    if (first_ == blocks_.size()) {
      blocks_.clear();
      first_ = 0;
      bytes_before_last_ = 0;
    } else {
      bytes_before_last_ -= front.size();
    }
    return front;
  }

 private:
  std::vector<Bytes> blocks_;
  std::size_t first_ = 0;              ///< those before it have been taken
  std::size_t bytes_before_last_ = 0;  ///< in all blocks but the last
};

}  // namespace hearth
