#include "protocol/base/throttle.h"

#include <doctest/doctest.h>

namespace hearth {

TEST_CASE("throttle lets one line a period through and counts the others") {
  LogThrottle throttle(100);
  CHECK(throttle.admit(5) == 0U);
  CHECK(throttle.admit(5) == std::nullopt);
  CHECK(throttle.admit(104) == std::nullopt);
  CHECK(throttle.admit(105) == 2U);
  CHECK(throttle.admit(204) == std::nullopt);
  CHECK(throttle.admit(1000) == 1U);
  CHECK(throttle.admit(2000) == 0U);
}

TEST_CASE("throttle may let several lines a period through") {
  LogThrottle throttle(100, 2);
  CHECK(throttle.admit(0) == 0U);
  CHECK(throttle.admit(50) == 0U);
  CHECK(throttle.admit(60) == std::nullopt);
  CHECK(throttle.admit(100) == 1U);
  CHECK(throttle.admit(101) == 0U);
  CHECK(throttle.admit(199) == std::nullopt);
}

TEST_CASE("throttle lets the first line through at time zero") {
  LogThrottle throttle(100);
  CHECK(throttle.admit(0) == 0U);
  CHECK(throttle.admit(0) == std::nullopt);
}

}  // namespace hearth
