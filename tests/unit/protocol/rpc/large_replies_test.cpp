#include "protocol/rpc/large_replies.h"

#include <doctest/doctest.h>

#include "tests/support/shared_places.h"

namespace hearth::test {

using Ids = std::vector<ConnectionId>;

TEST_CASE("places go to those who ask first, the others wait in line") {
  Limits limits;
  SharedPlaces places(limits);
  CHECK(places.replies.enter(1));
  CHECK(places.replies.enter(2));
  for (const ConnectionId id : {3U, 4U, 5U, 3U}) CHECK_FALSE(places.replies.enter(id));
  CHECK(places.replies.enter(1));  // has it already
  places.replies.leave(2);
  CHECK(places.admitted == Ids{3});
  CHECK(places.replies.enter(3));
  CHECK_FALSE(places.replies.enter(2));  // again, behind the others
  places.replies.leave(4);               // from the line
  places.replies.leave(99);
  places.replies.leave(1);
  places.replies.leave(3);
  CHECK(places.admitted == Ids{3, 5, 2});
}

TEST_CASE("more places let more in at once") {
  Limits limits;
  limits.large_replies_max = 1;
  SharedPlaces places(limits);
  CHECK(places.replies.enter(1));
  for (const ConnectionId id : {2U, 3U, 4U}) CHECK_FALSE(places.replies.enter(id));
  limits.large_replies_max = 3;
  places.replies.limits_changed();
  CHECK(places.admitted == Ids{2, 3});
}

TEST_CASE("rubbish is freed a block at a time, and announced once") {
  Limits limits;
  SharedPlaces places(limits);
  CHECK_FALSE(places.replies.free_block());
  for (int i = 0; i < 2; ++i) {
    ByteBlocks blocks;
    blocks.tail() += Bytes(reply_block_bytes, 'x');
    blocks.tail() += "y";
    places.replies.throw_away(std::move(blocks));
  }
  places.replies.throw_away(ByteBlocks());
  CHECK(places.times_rubbish == 1);
  for (int i = 0; i < 3; ++i) CHECK(places.replies.free_block());
  CHECK_FALSE(places.replies.free_block());
}

}  // namespace hearth::test
