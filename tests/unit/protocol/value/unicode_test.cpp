#include "protocol/value/unicode.h"

#include <doctest/doctest.h>

#include <cstdint>

namespace hearth {
namespace {

constexpr char32_t code_points_end = 0x110000;

/// FNV-1a over one bit per code point; the expected numbers come from the same sum in Python 3.11.
template <class Predicate>
std::uint32_t digest(Predicate predicate) {
  std::uint32_t hash = 2166136261U;
  for (char32_t c = 0; c < code_points_end; ++c) hash = (hash ^ static_cast<std::uint32_t>(predicate(c))) * 16777619U;
  return hash;
}

// /usr/bin/python3:  h = 2166136261
//                    for c in range(0x110000): h = ((h ^ f(chr(c))) * 16777619) & 0xFFFFFFFF
TEST_CASE("the character classes are those of Python 3.11, code point for code point") {
  CHECK(digest(is_python_printable) == 2420324345U);  // f = str.isprintable
  CHECK(digest(is_python_space) == 2099390376U);      // f = str.isspace
  CHECK(digest(decimal_digit_value) == 4037492513U);  // f = lambda s: unicodedata.decimal(s, -1) & 0xFFFFFFFF
}

TEST_CASE("samples of the character classes") {
  CHECK(is_python_printable(U' '));
  CHECK_FALSE(is_python_printable(0xA0));  // no-break space
  CHECK_FALSE(is_python_printable(0xAD));  // soft hyphen
  CHECK_FALSE(is_python_printable(0xD800));
  CHECK_FALSE(is_python_printable(0xE000));  // private use
  CHECK(is_python_printable(0x1F600));
  CHECK(is_python_space(0x1F));
  CHECK(is_python_space(0x3000));
  CHECK_FALSE(is_python_space(0x200B));
  CHECK(decimal_digit_value(U'7') == 7);
  CHECK(decimal_digit_value(0x0663) == 3);   // ARABIC-INDIC DIGIT THREE
  CHECK(decimal_digit_value(0x1D7FF) == 9);  // the last of five series in a row
  CHECK(decimal_digit_value(0xB2) == -1);    // superscript two: isdigit(), but not for int()
  CHECK(decimal_digit_value(0) == -1);
}

}  // namespace
}  // namespace hearth
