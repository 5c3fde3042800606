#include "protocol/base/byte_blocks.h"

#include <doctest/doctest.h>

namespace hearth {
namespace {

Bytes taken(ByteBlocks& blocks) {
  Bytes all;
  while (!blocks.empty()) all += blocks.take_front();
  return all;
}

}  // namespace

TEST_CASE("pieces stay whole, blocks end where they are full") {
  ByteBlocks blocks;
  CHECK(blocks.empty());
  CHECK(blocks.size() == 0);
  Bytes expected;
  for (std::size_t i = 0; expected.size() < 3 * reply_block_bytes; ++i) {
    const Bytes piece(i % 5000, static_cast<char>('a' + i % 26));
    blocks.tail() += piece;
    expected += piece;
    REQUIRE(blocks.size() == expected.size());
  }
  CHECK(blocks.block_count() == 3);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(blocks.block(i).size() >= reply_block_bytes);
    CHECK(blocks.block(i).size() < reply_block_bytes + 5000);
  }
  const Bytes first = blocks.take_front();
  CHECK(blocks.size() == expected.size() - first.size());
  CHECK(first + taken(blocks) == expected);
  CHECK(blocks.size() == 0);
}

TEST_CASE("blocks are taken over behind the own ones") {
  ByteBlocks ours;
  ours.tail() += "ours";
  ByteBlocks theirs;
  theirs.tail() += Bytes(reply_block_bytes, 'x');
  theirs.tail() += "theirs";
  const Bytes front = theirs.take_front();
  ours.append(std::move(theirs));
  CHECK(ours.size() == 10);
  ours.append(ByteBlocks());
  ours.tail() += "!";
  CHECK(ours.size() == 11);
  CHECK(taken(ours) == "ourstheirs!");
}

}  // namespace hearth
