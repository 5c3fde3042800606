#include <hearth/repr.h>
#include "protocol/value/repr_parts.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hearth {
namespace {

using namespace std::string_view_literals;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Every expected text in this file is what Python 3.11's repr() printed.

TEST_CASE("repr of floats") {
  const std::vector<std::pair<double, std::string_view>> examples = {
      {0.0, "0.0"},
      {-0.0, "-0.0"},
      {1.0, "1.0"},
      {-3.0, "-3.0"},
      {0.1, "0.1"},
      {0.1 + 0.2, "0.30000000000000004"},
      {100.0, "100.0"},
      {123.456, "123.456"},
      {1e15, "1000000000000000.0"},
      {9999999999999998.0, "9999999999999998.0"},
      {1e16, "1e+16"},
      {12345678901234567.0, "1.2345678901234568e+16"},
      {1e22, "1e+22"},
      {1e23, "1e+23"},
      {0.0001, "0.0001"},
      {0.00012345, "0.00012345"},
      {0.00001, "1e-05"},
      {1.5e-7, "1.5e-07"},
      {1e100, "1e+100"},
      {5e-324, "5e-324"},
      {2.2250738585072014e-308, "2.2250738585072014e-308"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {inf, "inf"},
      {-inf, "-inf"},
      {nan, "nan"},
      {-nan, "nan"},
  };
  for (const auto& [value, text] : examples) CHECK(repr(value) == text);
}

TEST_CASE("repr of complex numbers") {
  CHECK(repr(Complex{1, 2}) == "(1+2j)");
  CHECK(repr(Complex{0, 2}) == "2j");
  CHECK(repr(Complex{0, -0.0}) == "-0j");
  CHECK(repr(Complex{-0.0, 1}) == "(-0+1j)");
  CHECK(repr(Complex{1.5, -2e20}) == "(1.5-2e+20j)");
  CHECK(repr(Complex{inf, -inf}) == "(inf-infj)");
  CHECK(repr(Complex{nan, nan}) == "(nan+nanj)");
}

TEST_CASE("repr of str") {
  const std::vector<std::pair<std::string_view, std::string_view>> examples = {
      {"", "''"},
      {"plain", "'plain'"},
      {"it's", "\"it's\""},
      {"say \"hi\"", "'say \"hi\"'"},
      {"it's \"both\"", "'it\\'s \"both\"'"},
      {"back\\slash", "'back\\\\slash'"},
      {"\t\n\r", "'\\t\\n\\r'"},
      {"\0\x01\x1f\x7f"sv, "'\\x00\\x01\\x1f\\x7f'"},
      {"caf\u00e9 \u20ac \U0001F600", "'caf\u00e9 \u20ac \U0001F600'"},
      {"\u0085\u00a0\u00ad", "'\\x85\\xa0\\xad'"},
      {"\u2028\ufeff", "'\\u2028\\ufeff'"},
      {"\U000E0001\U0010FFFF", "'\\U000e0001\\U0010ffff'"},
      {"\xed\xa0\x80 \xed\xbf\xbf", "'\\ud800 \\udfff'"},
  };
  for (const auto& [value, text] : examples) {
    std::string out = "before ";
    append_str_repr(out, value);
    CHECK(out == "before " + std::string(text));
  }
}

TEST_CASE("invalid bytes in text print as replacement characters") {
  std::string out;
  append_str_repr(out,
                  "a\xff"
                  "b\xe2\x82");
  CHECK(out ==
        "'a\ufffd"
        "b\ufffd\ufffd'");
}

TEST_CASE("what a stranger says is printable in one line") {
  CHECK(printable("HTTP/1.1 400 Bad Request\r\n") == "HTTP/1.1 400 Bad Request\\r\\n");
  CHECK(printable("it's \xE2\x98\x83") == "it's \xE2\x98\x83");
  CHECK(printable("\x1B[31m\xC2\x9B") == "\\x1b[31m\\x9b");  // colours of a terminal, by either introducer
  CHECK(printable(std::string_view("\x15\x03\0\xFF\\", 5)) == "\\x15\\x03\\x00\\xff\\\\");
  CHECK(printable("").empty());
}

TEST_CASE("repr of bytes") {
  CHECK(repr(ByteString{""}) == "b''");
  CHECK(repr(ByteString{std::string("a\0\t\n\r\\'\xff\x7f"sv)}) == "b\"a\\x00\\t\\n\\r\\\\'\\xff\\x7f\"");
  CHECK(repr(ByteString{"'\""}) == "b'\\'\"'");
}

TEST_CASE("repr of everything else") {
  CHECK(repr(None{}) == "None");
  CHECK(repr(true) == "True");
  CHECK(repr(false) == "False");
  CHECK(repr(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  CHECK(repr(BigInt{"-100000000000000000000"}) == "-100000000000000000000");
  CHECK(repr(List{}) == "[]");
  CHECK(repr(Tuple{}) == "()");
  CHECK(repr(Set{}) == "set()");
  CHECK(repr(Dict{}) == "{}");
  CHECK(repr(make_tuple({1})) == "(1,)");
  CHECK(repr(make_tuple({1, "a"})) == "(1, 'a')");
  CHECK(repr(make_list({1, make_list({2.0}), None{}})) == "[1, [2.0], None]");
  CHECK(repr(make_set({"x", "y"})) == "{'x', 'y'}");
  Dict dict;
  dict.add("a", 1);
  dict.items.push_back({Value(2), make_tuple({})});
  CHECK(repr(dict) == "{'a': 1, 2: ()}");
}

}  // namespace
}  // namespace hearth
