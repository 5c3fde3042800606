#include "protocol/serial/literal_string.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/exact_bytes.h"

namespace hearth {
namespace {

using namespace std::string_view_literals;

/// The content of a text that is one literal, or "error: …".
std::string content(std::string_view text) {
  const ExactBytes exact(text);
  const auto prefix = string_prefix_at(exact.view(), 0);
  if (!prefix) return "no literal";
  std::size_t pos = 0;
  std::string out;
  const auto outcome = read_string_literal(exact.view(), pos, *prefix, out);
  if (!outcome) return "error: " + outcome.error().text;
  CHECK(pos == text.size());
  return out;
}

using Examples = std::vector<std::pair<std::string_view, std::string_view>>;

void check(const Examples& examples) {
  for (const auto& example : examples) {
    CAPTURE(example.first);
    CHECK(content(example.first) == example.second);
  }
}

TEST_CASE("quotes and prefixes") {
  check({
      {"''", ""},
      {"\"\"", ""},
      {"'a\"b'", "a\"b"},
      {"\"it's\"", "it's"},
      {"''''''", ""},
      {"'''a'b''c\nd'''", "a'b''c\nd"},
      {"\"\"\"a\"\"b\"\"\"", "a\"\"b"},
      {"'''a\r\nb\rc'''", "a\nb\nc"},
      {"u'x'", "x"},
      {"U\"x\"", "x"},
      {"b'x'", "x"},
      {"B'''x'''", "x"},
      {"'\u20ac\U0001F600'", "\u20ac\U0001F600"},
  });
  for (const std::string_view text : {"", "x", "u", "b", "br", "ur'x'", "ub'x'", "bu'x'", "bb'x'", "rr'x'", "brb'x'",
                                      "f'x'", "fr'x'", "b x'", "rbr'", "1'x'"}) {
    CAPTURE(text);
    CHECK(content(text) == "no literal");
  }
}

TEST_CASE("prefixes tell the kind") {
  for (const std::string_view text : {"b''", "B''", "rb''", "bR''", "Br''", "RB''"}) {
    CAPTURE(text);
    CHECK(string_prefix_at(text, 0)->is_bytes);
    CHECK(string_prefix_at(text, 0)->is_raw == (text.size() == 4));
  }
  CHECK_FALSE(string_prefix_at("r''", 0)->is_bytes);
  CHECK(string_prefix_at("r''", 0)->is_raw);
}

TEST_CASE("escapes") {
  check({
      {R"('\\\'\"\a\b\f\n\r\t\v')", "\\'\"\a\b\f\n\r\t\v"},
      {R"('\x41\xe9')", "A\u00e9"},
      {R"('\u20ac\U0001F600')", "\u20ac\U0001F600"},
      {R"('\ud800')", "\xed\xa0\x80"},
      {R"('\ud83d\ude00')", "\xed\xa0\xbd\xed\xb8\x80"},  // two characters to Python too
      {R"('\0')", "\0"sv},
      {R"('\7\12\1234')", "\7\nS4"},
      {R"('\18')",
       "\1"
       "8"},
      {R"('\777')", "\u01ff"},
      {R"('\q\8\ ')", R"(\q\8\ )"},
      {"'a\\\nb\\\r\nc\\\rd'", "abcd"},
      {"'\\\u20ac'", "\\\u20ac"},
  });
}

TEST_CASE("escapes in bytes") {
  check({
      {R"(b'\x41\xff\0\377')", "A\xff\0\xff"sv},
      {R"(b'\777')", "\xff"},
      {R"(b'\u20ac\U0001F600\N{DASH}')", R"(\u20ac\U0001F600\N{DASH})"},
  });
}

TEST_CASE("raw literals") {
  check({
      {R"(r'\n\x4')", R"(\n\x4)"},
      {R"(r'\'')", R"(\')"},
      {R"(r'\\')", R"(\\)"},
      {R"(rb'\xff')", R"(\xff)"},
      {"r'a\\\nb'", "a\\\nb"},
      {"r'a\\\r\nb'", "a\\\nb"},
      {"r'\\\u20ac'", "\\\u20ac"},
      {R"(r'\')", "error: unterminated string literal"},
  });
}

TEST_CASE("broken literals") {
  check({
      {"'", "error: unterminated string literal"},
      {"'a", "error: unterminated string literal"},
      {"'a\"", "error: unterminated string literal"},
      {"'a\nb'", "error: unterminated string literal"},
      {"'a\rb'", "error: unterminated string literal"},
      {"'''a''", "error: unterminated string literal"},
      {"'''a\\'''", "error: unterminated string literal"},
      {"'\\", "error: unterminated string literal"},
      {R"('\x4')", "error: truncated escape in a string literal"},
      {R"('\x)", "error: truncated escape in a string literal"},
      {R"('\u123')", "error: truncated escape in a string literal"},
      {R"('\U0010FFF')", "error: truncated escape in a string literal"},
      {R"('\U00110000')", "error: illegal Unicode character in a string literal"},
      {R"('\UFFFFFFFF')", "error: illegal Unicode character in a string literal"},
      {R"(b'\xg0')", "error: truncated escape in a string literal"},
      {R"('\N{DASH}')", "error: \\N{...} escapes are not supported"},
      {"b'\u00e9'", "error: bytes can only contain ASCII literal characters"},
      {"rb'\\\u00e9'", "error: bytes can only contain ASCII literal characters"},
  });
}

}  // namespace
}  // namespace hearth
