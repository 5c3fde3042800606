#include "protocol/value/unicode.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/support/exact_bytes.h"

namespace hearth {
namespace {

constexpr char32_t code_points_end = 0x110000;

TEST_CASE("every code point survives encoding, surrogates included") {
  std::uint32_t failures = 0;
  for (char32_t c = 0; c < code_points_end; ++c) {
    std::string text;
    append_wtf8(text, c);
    std::size_t pos = 0;
    const bool same = decode_wtf8(text, pos) == c && pos == text.size() && is_valid_wtf8(text);
    if (!same || has_lone_surrogate(text) != is_surrogate(c)) ++failures;
  }
  CHECK(failures == 0);
}

TEST_CASE("the first and last code point of every length") {
  std::string text;
  for (const char32_t c : {0x7FU, 0x80U, 0x7FFU, 0x800U, 0xFFFFU, 0x10000U, 0x10FFFFU}) append_wtf8(text, c);
  CHECK(text == "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
}

TEST_CASE("invalid bytes are skipped one by one") {
  // Overlong, above U+10FFFF, cut off, a lone continuation, no lead bytes: as Python's utf-8 codec sees them.
  for (const std::string_view text : {"\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xc3",
                                      "\xe2\x82", "\xf0\x9f\x98", "\x80", "\xfe", "\xff", "\xc3(", "\xe2(\xa1", "\xf8\x88\x80\x80"}) {
    const ExactBytes exact(text);
    std::size_t pos = 0;
    CHECK(decode_wtf8(exact.view(), pos) == invalid_code_point);
    CHECK(pos == 1);
    CHECK_FALSE(is_valid_wtf8(exact.view()));
  }
}

TEST_CASE("an invalid byte is found wherever it lies") {
  for (std::size_t at = 0; at < 20; ++at) {
    CAPTURE(at);
    std::string text(20, 'a');
    CHECK(is_valid_wtf8(ExactBytes(text).view()));
    text[at] = '\x80';
    CHECK_FALSE(is_valid_wtf8(ExactBytes(text).view()));
  }
  CHECK(is_valid_wtf8(""));
}

TEST_CASE("lone surrogates, and neighbours that are none") {
  CHECK(has_lone_surrogate("a\xed\xa0\x80"));
  CHECK(has_lone_surrogate("\xed\x9f\xbf\xed\xbf\xbf"));
  CHECK_FALSE(has_lone_surrogate("\xed\x9f\xbf"));          // U+D7FF
  CHECK_FALSE(has_lone_surrogate("\xee\x80\x80"));          // U+E000
  CHECK_FALSE(has_lone_surrogate("\xf0\x9f\x98\x80"));      // a pair in UTF-16 only
  CHECK_FALSE(has_lone_surrogate(ExactBytes("\xed").view()));
}

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
  CHECK(digest(is_python_printable) == 2420324345U);       // f = str.isprintable
  CHECK(digest(is_python_space) == 2099390376U);           // f = str.isspace
  CHECK(digest(decimal_digit_value) == 4037492513U);       // f = lambda s: unicodedata.decimal(s, -1) & 0xFFFFFFFF
}

TEST_CASE("samples of the character classes") {
  CHECK(is_python_printable(U' '));
  CHECK_FALSE(is_python_printable(0xA0));    // no-break space
  CHECK_FALSE(is_python_printable(0xAD));    // soft hyphen
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
