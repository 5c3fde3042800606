#include "protocol/value/float_text.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/exact_bytes.h"

namespace hearth {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

TEST_CASE("text to float, out of range too, as Python's float()") {
  const std::vector<std::pair<std::string, double>> examples = {
      {"1", 1.0},
      {"-1.5", -1.5},
      {".5", 0.5},
      {"1.", 1.0},
      {"1e5", 1e5},
      {"1E+5", 1e5},
      {"1.25e-3", 1.25e-3},
      {"5e-324", 5e-324},
      {"1e30000", inf},
      {"-1e30000", -inf},
      {"1e400", inf},
      {"1e-400", 0.0},
      {"0e99999", 0.0},
      {"1e99999999999999999999", inf},
      {"1e-99999999999999999999", 0.0},
      {"1" + std::string(400, '0'), inf},
      {"1" + std::string(400, '0') + "e-400", 1.0},
      {"0." + std::string(400, '0') + "1", 0.0},
      {"0." + std::string(400, '0') + "1e401", 1.0},
      {"0." + std::string(400, '0') + "1e800", inf},
      {"inf", inf},
      {"-inf", -inf},
  };
  for (const auto& example : examples) {
    CAPTURE(example.first);
    CHECK(float_from_text(ExactBytes(example.first).view()) == example.second);
  }
  CHECK(std::signbit(*float_from_text("-1e-400")));
  CHECK(std::isnan(*float_from_text("nan")));
}

TEST_CASE("what is no float") {
  for (const std::string_view text :
       {"", "-", ".", "e5", "1e", "1e+", "1.5.5", "1 ", " 1", "0x10", "1_0", "+-1", "abc"}) {
    CAPTURE(text);
    CHECK_FALSE(float_from_text(ExactBytes(text).view()).has_value());
  }
}

}  // namespace
}  // namespace hearth
