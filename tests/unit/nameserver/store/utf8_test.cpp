#include "nameserver/store/utf8.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

namespace hearth {
namespace {

TEST_CASE("the shortest and the last form of every length is UTF-8, at any place") {
  for (const std::string text : {"", "a", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                                 "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    for (std::size_t before = 0; before < 18; ++before) {
      CAPTURE(before);
      CHECK(is_utf8(std::string(before, 'x') + text));
      CHECK(is_utf8(std::string(before, 'x') + text + "yyyyyyyyy"));
    }
  }
  CHECK(is_utf8(std::string("\0", 1)));
}

TEST_CASE("what Python's strict utf-8 refuses is not UTF-8, at any place") {
  for (const std::string text :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2 ", "\xDF\xC0", "\xE0\x9F\xBF", "\xE1\x80", "\xE1\x80 ",
        "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF1\x80\x80", "\xF1\x80\x80 ", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xFF"}) {
    for (std::size_t before = 0; before < 18; ++before) {
      CAPTURE(before);
      CHECK_FALSE(is_utf8(std::string(before, 'x') + text));
      CHECK_FALSE(is_utf8(std::string(before, 'x') + text + "yyyyyyyyy"));
    }
  }
}

}  // namespace
}  // namespace hearth
