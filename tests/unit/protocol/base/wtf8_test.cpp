#include "protocol/base/wtf8.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <initializer_list>
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
  for (const std::string_view text :
       {"\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xc3", "\xe2\x82",
        "\xf0\x9f\x98", "\x80", "\xfe", "\xff", "\xc3(", "\xe2(\xa1", "\xf8\x88\x80\x80"}) {
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
  CHECK_FALSE(has_lone_surrogate("\xed\x9f\xbf"));      // U+D7FF
  CHECK_FALSE(has_lone_surrogate("\xee\x80\x80"));      // U+E000
  CHECK_FALSE(has_lone_surrogate("\xf0\x9f\x98\x80"));  // a pair in UTF-16 only
  CHECK_FALSE(has_lone_surrogate(ExactBytes("\xed").view()));
}

TEST_CASE("the shortest and the last form of every length is UTF-8, at any place") {
  for (const std::string text : {"", "a", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                                 "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    for (std::size_t before = 0; before < 18; ++before) {
      CAPTURE(before);
      CHECK(is_utf8(std::string(before, 'x') + text));
      CHECK(is_utf8(std::string(before, 'x') + text + "yyyyyyyyy"));
    }
  }
  CHECK(is_utf8(std::string("\0", 1)));
}

TEST_CASE("what Python's strict utf-8 refuses is not UTF-8, at any place") {
  for (const std::string text : {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2 ", "\xDF\xC0", "\xE0\x9F\xBF",
                                 "\xE1\x80", "\xE1\x80 ", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF",
                                 "\xF1\x80\x80", "\xF1\x80\x80 ", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    for (std::size_t before = 0; before < 18; ++before) {
      CAPTURE(before);
      CHECK_FALSE(is_utf8(std::string(before, 'x') + text));
      CHECK_FALSE(is_utf8(std::string(before, 'x') + text + "yyyyyyyyy"));
    }
  }
}

}  // namespace
}  // namespace hearth
