#include "protocol/value/int_text.h"

#include <doctest/doctest.h>

#include <string>

namespace hearth {
namespace {

constexpr std::size_t digits_max = 4300;

TEST_CASE("int_from_text reads what Python's int() reads") {
  CHECK(int_from_text("0", digits_max) == Value(0));
  CHECK(int_from_text("-0", digits_max) == Value(0));
  CHECK(int_from_text("0009090", digits_max) == Value(9090));
  CHECK(int_from_text("+5", digits_max) == Value(5));
  CHECK(int_from_text("-5", digits_max) == Value(-5));
  CHECK(int_from_text("1_000_0", digits_max) == Value(10000));
  CHECK(int_from_text("999999999999999999", digits_max) == Value(std::int64_t{999999999999999999}));
  CHECK(int_from_text("9223372036854775808", digits_max) == Value(BigInt{"9223372036854775808"}));
  CHECK(int_from_text("00099", 4) == std::nullopt);
  CHECK(int_from_text(" \t\n\v\f\r80 ", digits_max) == Value(80));
  CHECK(int_from_text("123456789012345678901234567890", digits_max) == Value(BigInt{"123456789012345678901234567890"}));
}

TEST_CASE("int_from_text reads the digits and blanks of all scripts") {
  CHECK(int_from_text("٣٤", digits_max) == Value(34));    // Arabic-Indic
  CHECK(int_from_text("８_1", digits_max) == Value(81));  // fullwidth beside ASCII
  CHECK(int_from_text("\u3000"
                      "5\u00A0",
                      digits_max) == Value(5));  // ideographic and no-break space
}

TEST_CASE("int_from_text refuses what Python's int() refuses") {
  for (const char* text : {"",
                           " ",
                           "+",
                           "-",
                           "- 5",
                           "+-5",
                           "_1",
                           "1_",
                           "1__2",
                           "1 2",
                           "0x10",
                           "1e3",
                           "1.0",
                           "½",
                           "²",
                           "\x1c"
                           "5",
                           "5\x1f",
                           "5é",
                           "\xff",
                           "5\xed\xa0\x80"}) {
    CAPTURE(text);
    CHECK_FALSE(int_from_text(text, digits_max));
  }
  CHECK_FALSE(int_from_text(std::string_view("5\0", 2), digits_max));
}

TEST_CASE("int_from_text counts digits as CPython does: zeros too, signs and underscores not") {
  CHECK(int_from_text("-1_2_3", 3) == Value(-123));
  CHECK_FALSE(int_from_text("1234", 3));
  CHECK_FALSE(int_from_text("0001", 3));
}

}  // namespace
}  // namespace hearth
