#include "client-lib/src/backoff.h"

#include <doctest/doctest.h>

#include <limits>

namespace hearth::test {

TEST_CASE("backoff: each wait is between half a step and a step, which doubles up to the maximum") {
  Backoff backoff(50, 300);
  for (int again = 0; again < 2; ++again) {
    for (const std::uint32_t step : {50U, 100U, 200U, 300U, 300U}) {
      const std::uint32_t wait_ms = backoff.next_ms();
      CHECK(wait_ms >= step / 2);
      CHECK(wait_ms <= step);
    }
    backoff.reset();
  }
}

TEST_CASE("backoff: without a wait, and with a maximum below the first step") {
  CHECK(Backoff(0, 100).next_ms() == 0);
  CHECK(Backoff(50, 10).next_ms() <= 10);
  CHECK(Backoff(50, 0).next_ms() == 0);
}

TEST_CASE("backoff: at most half of what is left, which may be for ever") {
  CHECK(Backoff(50, 300).next_ms_of(std::numeric_limits<std::uint32_t>::max()) >= 25);
  CHECK(Backoff(50, 300).next_ms_of(11) == 6);
  CHECK(Backoff(50, 300).next_ms_of(1) == 1);
}

}  // namespace hearth::test
