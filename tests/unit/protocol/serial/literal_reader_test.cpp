#include "protocol/serial/literal_reader.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hearth/repr.h>

#include "tests/support/exact_bytes.h"

namespace hearth {
namespace {

using namespace std::string_view_literals;

void as_it_is(Value&) {}

Result<Value> read(std::string_view text, const DecodeLimits& limits = {}) {
  const ExactBytes exact(text);
  return read_literal(exact.view(), limits, as_it_is);
}

/// The value as Python would print it, or the error.
std::string read_repr(std::string_view text, const DecodeLimits& limits = {}) {
  const auto value = read(text, limits);
  if (value) return repr(*value);
  return (value.error().kind == ErrorKind::limit ? "limit: " : "malformed: ") + value.error().text;
}

using Examples = std::vector<std::pair<std::string_view, std::string_view>>;

// Every text in this file was given to ast.literal_eval of Python 3.11, which answered the same or raised an
// error (but for "...").

TEST_CASE("containers, with blanks and trailing commas") {
  const Examples examples = {
      {"[]", "[]"},
      {"[1,]", "[1]"},
      {" [ 1 , 2 ] ", "[1, 2]"},
      {"()", "()"},
      {"( )", "()"},
      {"(1)", "1"},
      {"((('a')))", "'a'"},
      {"(1,)", "(1,)"},
      {"(1,2,)", "(1, 2)"},
      {"1,", "(1,)"},
      {"1, 2", "(1, 2)"},
      {"1, 2 ,\n", "(1, 2)"},
      {"{}", "{}"},
      {"{ }", "{}"},
      {"{1}", "{1}"},
      {"{1,2,}", "{1, 2}"},
      {"{'a':1,'b':2,}", "{'a': 1, 'b': 2}"},
      {"{(1,2):[3],None:True}", "{(1, 2): [3], None: True}"},
      {"set()", "set()"},
      {"set ( )", "set()"},
      {"{'x','y','x'}", "{'x', 'y'}"},
      {"[[[]],{(): set()}]", "[[[]], {(): set()}]"},
      {"True,False,None", "(True, False, None)"},
  };
  for (const auto& example : examples) {
    CAPTURE(example.first);
    CHECK(read_repr(example.first) == example.second);
  }
}

TEST_CASE("comments and line ends") {
  const Examples examples = {
      {"# header\n1", "1"},
      {"\n\r\n# one\n# two\n\n[1] # behind\n# and after\n", "[1]"},
      {"[ # first\n1,\r2,\r\n3\n]", "[1, 2, 3]"},
      {"1,\\\n2", "(1, 2)"},
      {"1,\\\r\n2", "(1, 2)"},
      {"(1\n,\n2\n)", "(1, 2)"},
      {"('a'\n'b')", "'ab'"},
      {"'a' \\\n 'b'", "'ab'"},
      {"(1\n+\n2j)", "(1+2j)"},
      {"\t[\f1]", "[1]"},
  };
  for (const auto& example : examples) {
    CAPTURE(example.first);
    CHECK(read_repr(example.first) == example.second);
  }
}

TEST_CASE("signs and complex numbers") {
  const Examples examples = {
      {"-1", "-1"},
      {"+1", "1"},
      {"- 1.5", "-1.5"},
      {"-(1)", "-1"},
      {"-0.0", "-0.0"},
      {"-0", "0"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"+9223372036854775808", "9223372036854775808"},
      {"-9223372036854775809", "-9223372036854775809"},
      {"-1e30000", "-inf"},
      {"1.5j", "1.5j"},
      {"-1.5j", "(-0-1.5j)"},
      {"(1+2j)", "(1+2j)"},
      {"1+2j", "(1+2j)"},
      {"[1+2j, -1-2j]", "[(1+2j), (-1-2j)]"},
      {"(1.5)+(2j)", "(1.5+2j)"},
      {"(-1)+2j", "(-1+2j)"},
      {"(-1e30000-1e30000j)", "(-inf-infj)"},
      {"1 + 0j", "(1+0j)"},
      {"1-0j", "(1+0j)"},
  };
  for (const auto& example : examples) {
    CAPTURE(example.first);
    CHECK(read_repr(example.first) == example.second);
  }
  CHECK(*read("-9223372036854775808")->as<std::int64_t>() == std::numeric_limits<std::int64_t>::min());
}

TEST_CASE("what ast.literal_eval refuses") {
  for (const std::string_view text : {"",
                                      " ",
                                      "# only a comment",
                                      "1 2",
                                      "1\n2",
                                      "1\n+2j",
                                      "'a'\n'b'",
                                      "[",
                                      "]",
                                      "[1",
                                      "[1 2]",
                                      "[,]",
                                      "[1,,2]",
                                      "(,)",
                                      ",",
                                      "1,,",
                                      "{",
                                      "{1:}",
                                      "{:1}",
                                      "{1:2,3}",
                                      "{1,2:3}",
                                      "{,}",
                                      "{1:2,,}",
                                      "(1]",
                                      "[1)",
                                      "{1]",
                                      "--1",
                                      "-+1",
                                      "-(-1)",
                                      "-'a'",
                                      "-True",
                                      "-None",
                                      "-[1]",
                                      "-(1+2j)",
                                      "1+2",
                                      "1j+2j",
                                      "1+-2j",
                                      "1+2j+3j",
                                      "(1+2j)+3j",
                                      "True+2j",
                                      "'a'+2j",
                                      "1+(2j",
                                      "1+",
                                      "1*2",
                                      "1**2",
                                      "not True",
                                      "x",
                                      "nan",
                                      "inf",
                                      "none",
                                      "true",
                                      "None1",
                                      "NoneNone",
                                      "Noné",
                                      "set",
                                      "set(",
                                      "set(1)",
                                      "set()()",
                                      "set([])",
                                      "frozenset()",
                                      "__import__('os')",
                                      "[x for x in ()]",
                                      "{**{}}",
                                      "[*()]",
                                      "lambda: 1",
                                      "...",
                                      "1 if 1 else 2",
                                      "a.b",
                                      "1;",
                                      "$",
                                      "\\",
                                      "\\1",
                                      "@",
                                      "\u00e9",
                                      "\ufeff1",
                                      "'a' b'b'",
                                      "b'a' 'b'"}) {
    CAPTURE(text);
    const auto value = read(text);
    REQUIRE_FALSE(value.has_value());
    CHECK(value.error().kind == ErrorKind::malformed);
  }
  CHECK(read_repr("1" + std::string(400, '0') + "+1j") == "malformed: the only sum allowed is a complex number");
}

TEST_CASE("bytes that are no text") {
  CHECK(read_repr("'a\0b'"sv) == "malformed: 0-bytes in the literal");
  CHECK(read_repr("[1] # \0"sv) == "malformed: 0-bytes in the literal");
  CHECK(read_repr("'\xff'") == "malformed: invalid UTF-8");
  CHECK(read_repr("'\xed\xa0\x80'") == "malformed: invalid UTF-8");
  CHECK(read_repr("1 # \xe2\x82") == "malformed: invalid UTF-8");
}

TEST_CASE("keys and elements must be hashable") {
  CHECK(read_repr("{[]: 1}") == "malformed: unhashable type: 'list'");
  CHECK(read_repr("{'a': 1, {}: 1}") == "malformed: unhashable type: 'dict'");
  CHECK(read_repr("{(1,{2})}") == "malformed: unhashable type: 'set'");
  CHECK(read_repr("{1, []}") == "malformed: unhashable type: 'list'");
}

TEST_CASE("errors say where") {
  CHECK(read_repr("[1, $]") == "malformed: invalid syntax at byte 4");
  CHECK(read_repr("[1, 2") == "malformed: unexpected end of the literal");
}

TEST_CASE("brackets of every kind count as levels") {
  const DecodeLimits limits{.nesting_max = 3};
  CHECK(read_repr("[({1},)]", limits) == "[({1},)]");
  CHECK(read_repr("(((1)))", limits) == "1");
  for (const std::string_view text :
       {"[[[[]]]]", "((((1))))", "((((1,),),),)", "{1:{1:{1:{}}}}", "[[[set()]]]", "[[[(1+2j)]]]"}) {
    CAPTURE(text);
    CHECK(read_repr(text, limits) == "limit: nested more than 3 levels deep");
  }
  for (const std::string_view opening : {"[", "(", "{1:", "-(", "1+("}) {
    CAPTURE(opening);
    std::string deep;
    for (int i = 0; i < 100000; ++i) deep += opening;
    CHECK_FALSE(read(deep).has_value());
  }
  CHECK(read_repr(std::string(100000, '-')) == "malformed: invalid syntax at byte 1");
}

TEST_CASE("every value counts") {
  const DecodeLimits limits{.value_nodes_max = 5};
  for (const std::string_view text : {"[1,2,3,4]", "1,2,3,4", "(1,2,3,4)", "{1,2,3,4}", "{1:2,3:4}", "[[],[],[],[]]",
                                      "(((5)))", "['a' 'b' 'c' 'd' 'e' 'f']"}) {
    CAPTURE(text);
    CHECK(read(text, limits).has_value());
  }
  for (const std::string_view text : {"[1,2,3,4,5]", "1,2,3,4,5", "(1,2,3,4,5)", "{1,2,3,4,5}", "{1:2,3:4,5:6}",
                                      "[[],[],[],[],[]]", "[1+2j,1+2j,1+2j]"}) {
    CAPTURE(text);
    CHECK(read_repr(text, limits) == "limit: more than 5 values");
  }
}

TEST_CASE("a message of long hexadecimal ints is bounded by their cost") {
  std::string text = "[";
  for (int i = 0; i < 100; ++i) text += "0x" + std::string(3000, 'f') + ",";
  CHECK(read(text + "]").has_value());
  CHECK(read_repr(text + "]", {.value_nodes_max = 10000}) == "limit: more than 10000 values");
}

TEST_CASE("cut off everywhere") {
  constexpr std::string_view text =
      "# serpent utf-8 python3.2\n"
      "{'a': [1, -2.5e-3, (3,), 0x1F], \"b\": {'c', b'\\xff'}, 'd\\u20ac\\x41': (1+2j), '''e\n''': set(), 5: None}";
  CHECK(read_repr(text) ==
        "{'a': [1, -0.0025, (3,), 31], 'b': {'c', b'\\xff'}, 'd\u20acA': (1+2j), 'e\\n': set(), 5: None}");
  for (std::size_t length = 0; length < text.size(); ++length) {
    CAPTURE(length);
    const auto value = read(text.substr(0, length));
    REQUIRE_FALSE(value.has_value());
    CHECK(value.error().kind == ErrorKind::malformed);
  }
}

}  // namespace
}  // namespace hearth
