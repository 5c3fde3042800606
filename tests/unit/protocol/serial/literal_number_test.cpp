#include "protocol/serial/literal_number.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hearth/repr.h>

#include "tests/support/exact_bytes.h"

namespace hearth {
namespace {

/// The repr of the number at the start and, behind a '|', what is left; or "malformed", "limit".
std::string read(std::string_view text, std::uint32_t digits_max = 4300) {
  const ExactBytes exact(text);
  if (!starts_number_literal(exact.view(), 0)) return "no number";
  std::size_t pos = 0;
  const auto number = read_number_literal(exact.view(), pos, {.int_digits_max = digits_max});
  if (!number) return number.error().kind == ErrorKind::limit ? "limit" : "malformed";
  const std::string rest(text.substr(pos));
  return repr(*number) + (rest.empty() ? "" : "|" + rest);
}

TEST_CASE("numbers as Python spells them") {
  const std::vector<std::pair<std::string_view, std::string_view>> examples = {
      {"0", "0"},
      {"00", "0"},
      {"0_0", "0"},
      {"1_000", "1000"},
      {"9223372036854775807", "9223372036854775807"},
      {"9223372036854775808", "9223372036854775808"},
      {"0xFf", "255"},
      {"0X_f_F", "255"},
      {"0o17", "15"},
      {"0B1_01", "5"},
      {"0x0", "0"},
      {"0x8000000000000000", "9223372036854775808"},
      {"0xffffffffffffffffffffffff", "79228162514264337593543950335"},
      {"1.", "1.0"},
      {".5", "0.5"},
      {"1.5", "1.5"},
      {"1_0.0_1e1_0", "100100000000.0"},
      {"1e5", "100000.0"},
      {"1E-5", "1e-05"},
      {"1.e+5", "100000.0"},
      {"0e0", "0.0"},
      {"0123.5", "123.5"},
      {"0123e1", "1230.0"},
      {"1e30000", "inf"},
      {"1e-30000", "0.0"},
      {"2j", "2j"},
      {"0123J", "123j"},
      {"1.5e3j", "1500j"},
      {"1,2", "1|,2"},
      {"1+2j", "1|+2j"},
      {"1 ", "1| "},
      {"1.5.5", "1.5|.5"},
  };
  for (const auto& example : examples) {
    CAPTURE(example.first);
    CHECK(read(example.first) == example.second);
  }
}

TEST_CASE("numbers as Python does not spell them") {
  for (const std::string_view text :
       {"01",    "0777", "1_",  "1__0", "1_.5", "1._5", "1e", "1e+", "1e_5", "1e5_",    "0x",   "0x_",
        "0x__1", "0xg",  "0o8", "0b2",  "0b",   "1L",   "1x", "1if", "1jj",  "1.5real", "0b1j", "1\u00e9"}) {
    CAPTURE(text);
    CHECK(read(text) == "malformed");
  }
  for (const std::string_view text : {"", ".", "-1", "_1", "x", "e5", ".e5"}) {
    CAPTURE(text);
    CHECK(read(text) == "no number");
  }
}

TEST_CASE("ints are as long as the limit, in any base") {
  CHECK(read("1234567890", 10) == "1234567890");
  CHECK(read("12345678901", 10) == "limit");
  CHECK(read("0x2540BE3FF", 10) == "9999999999");
  CHECK(read("0x2540BE400", 10) == "limit");
  CHECK(read(std::string(5000, '0'), 10) == "0");
  CHECK(read("0x" + std::string(5000, '0') + "1", 10) == "1");
  CHECK(read("0b1" + std::string(1000000, '0')) == "limit");
  CHECK(read("1" + std::string(5000, '0') + ".0", 10) == "inf");
}

}  // namespace
}  // namespace hearth
