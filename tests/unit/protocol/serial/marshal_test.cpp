#include "protocol/serial/marshal.h"

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

using namespace std::string_literals;
using namespace std::string_view_literals;

Result<Value> load(std::string_view bytes, const DecodeLimits& limits = {}) {
  const ExactBytes exact(bytes);
  return MarshalSerializer().load(exact.view(), limits);
}

/// The value as Python would print it, or the error.
std::string load_repr(std::string_view bytes, const DecodeLimits& limits = {}) {
  const auto value = load(bytes, limits);
  if (value) return repr(*value);
  return (value.error().kind == ErrorKind::limit ? "limit: " : "malformed: ") + value.error().text;
}

using Examples = std::vector<std::pair<std::string_view, std::string_view>>;

void check(const Examples& examples) {
  for (const auto& example : examples) {
    CAPTURE(example.second);
    CHECK(load_repr(example.first) == example.second);
    for (std::size_t length = 0; length < example.first.size(); ++length) {
      CAPTURE(length);
      CHECK(load_repr(example.first.substr(0, length)) == "malformed: marshal data too short");
    }
  }
}

// The bytes in this file are what marshal.dumps(value, version) of Python 3.11 wrote, unless a comment says
// otherwise.

TEST_CASE("marshal of versions 0 to 2") {
  check({
      {"N"sv, "None"},
      {"T"sv, "True"},
      {"F"sv, "False"},
      {"i\000\000\000\000"sv, "0"},
      {"i\377\377\377\377"sv, "-1"},
      {"i\000\000\000\200"sv, "-2147483648"},
      {"l\003\000\000\000\000\000\000\000\002\000"sv, "2147483648"},
      {"l\375\377\377\377\001\000\000\000\002\000"sv, "-2147483649"},
      {"l\005\000\000\000\377\177\377\177\377\177\377\177\007\000"sv, "9223372036854775807"},
      {"l\373\377\377\377\000\000\000\000\000\000\000\000\010\000"sv, "-9223372036854775808"},
      {"l\007\000\000\000\000\000\000\000\2517\2473\004M\223e'\003"sv, "1000000000000000000000000000000"},
      {"f\0031.5"sv, "1.5"},
      {"f\003inf"sv, "inf"},
      {"g\000\000\000\000\000\000\370\077"sv, "1.5"},
      {"g\000\000\000\000\000\000\360\177"sv, "inf"},
      {"x\0011\0012"sv, "(1+2j)"},
      {"y\000\000\000\000\000\000\360\077\000\000\000\000\000\000\000@"sv, "(1+2j)"},
      {"s\003\000\000\000a\000\377"sv, "b'a\\x00\\xff'"},
      {"u\000\000\000\000"sv, "''"},
      {"u\003\000\000\000h\303\251"sv, "'h\u00e9'"},
      {"u\003\000\000\000\355\240\200"sv, "'\\ud800'"},
      {"(\000\000\000\000"sv, "()"},
      {"(\002\000\000\000i\001\000\000\000i\002\000\000\000"sv, "(1, 2)"},
      {"[\002\000\000\000i\001\000\000\000[\001\000\000\000i\002\000\000\000"sv, "[1, [2]]"},
      {"{0"sv, "{}"},
      {"{u\001\000\000\000ai\001\000\000\000i\002\000\000\000N0"sv, "{'a': 1, 2: None}"},
      {"<\000\000\000\000"sv, "set()"},
      {"<\001\000\000\000i\007\000\000\000"sv, "{7}"},
      {">\001\000\000\000i\007\000\000\000"sv, "{7}"},
  });
}

TEST_CASE("marshal of version 4") {
  check({
      {"\351\377\377\377\177"sv, "2147483647"},
      {"\354\003\000\000\000\000\000\000\000\002\000"sv, "2147483648"},
      {"\347\000\000\000\000\000\000\370\077"sv, "1.5"},
      {"\363\003\000\000\000a\000\377"sv, "b'a\\x00\\xff'"},
      {"\332\003abc"sv, "'abc'"},
      {"\365\004\000\000\000\360\237\230\200"sv, "'\U0001F600'"},
      {"\251\002\351\001\000\000\000\351\002\000\000\000"sv, "(1, 2)"},
      {"\333\002\000\000\000\351\001\000\000\000[\001\000\000\000\351\002\000\000\000"sv, "[1, [2]]"},
      {"\373\332\001a\351\001\000\000\000\351\002\000\000\000N0"sv, "{'a': 1, 2: None}"},
      {"\276\001\000\000\000\351\007\000\000\000"sv, "{7}"},
      // ('Pyro.NameServer','register',('a','PYRO:o@h:1'),{'safe':True,'metadata':None})
      {")\004\372\017Pyro.NameServer\332\010register\251\002\332\001a\372\012PYRO:o@h:1{\332\004safeT\332\010metadataN0"sv,
       "('Pyro.NameServer', 'register', ('a', 'PYRO:o@h:1'), {'safe': True, 'metadata': None})"},
  });
}

TEST_CASE("marshal forms that Python 3.11 reads but does not write so") {
  check({
      {"I\000\000\000\000\000\000\000\200"sv, "-9223372036854775808"},
      {"l\000\000\000\000"sv, "0"},
      {"a\002\000\000\000ab"sv, "'ab'"},
      {"A\002\000\000\000ab"sv, "'ab'"},
      {"z\002ab"sv, "'ab'"},
      {"t\003\000\000\000\342\202\254"sv, "'\u20ac'"},
      {"<\003\000\000\000TTi\001\000\000\000"sv, "{True}"},
  });
}

TEST_CASE("references stand for what they refer to") {
  check({
      {"[\003\000\000\000\372\013shared textr\000\000\000\000)\001r\000\000\000\000"sv,
       "['shared text', 'shared text', ('shared text',)]"},
      {"[\002\000\000\000\251\001\332\003xxxr\000\000\000\000"sv, "[('xxx',), ('xxx',)]"},
      // Numbers are given before the content: 0 is the tuple, 1 the str in it. None takes none, even with the
      // flag.
      {"[\003\000\000\000\251\001\332\001ar\001\000\000\000r\000\000\000\000"sv, "[('a',), 'a', ('a',)]"},
      {"[\003\000\000\000\316\332\001ar\000\000\000\000"sv, "[None, 'a', 'a']"},
      // A referent that holds a reference itself, and the numbers go on behind it.
      {"[\005\000\000\000\332\001a\251\001r\000\000\000\000r\001\000\000\000\332\001br\002\000\000\000"sv,
       "['a', ('a',), ('a',), 'b', 'b']"},
      {"{\332\001kr\000\000\000\0000"sv, "{'k': 'k'}"},
  });
}

TEST_CASE("references that lead nowhere") {
  const std::string invalid = "malformed: bad marshal data (invalid reference)";
  CHECK(load_repr("r\000\000\000\000"sv) == invalid);
  CHECK(load_repr("[\002\000\000\000\332\001ar\001\000\000\000"sv) == invalid);
  CHECK(load_repr("[\002\000\000\000\332\001ar\377\377\377\377"sv) == invalid);
  const std::string recursive = "malformed: bad marshal data (a container inside itself)";
  CHECK(load_repr("\333\001\000\000\000r\000\000\000\000"sv) == recursive);  // l = []; l.append(l)
  CHECK(load_repr("\373Nr\000\000\000\0000"sv) == recursive);
  CHECK(load_repr("\251\001[\001\000\000\000r\000\000\000\000"sv) == recursive);
}

/// A list of `count` references to number `number`.
std::string list_of_references(unsigned count, unsigned number) {
  std::string bytes = "\333";
  append_u32_le(bytes, count);
  for (unsigned i = 0; i < count; ++i) {
    bytes.push_back('r');
    append_u32_le(bytes, number);
  }
  return bytes;
}

TEST_CASE("a reference bomb is refused by what it would unfold into") {
  const std::string refused = "limit: more than 1000000 values";
  // Each list holds ten references to the one before it: 10^k values.
  std::string bytes = "(";
  append_u32_le(bytes, 31);
  bytes += "\332\001a";
  for (unsigned level = 0; level < 30; ++level) bytes += list_of_references(10, level);
  CHECK(load_repr(bytes) == refused);

  // A long text, often.
  bytes = "[";
  append_u32_le(bytes, 2);
  bytes += "\365";
  append_u32_le(bytes, 1000000);
  bytes += std::string(1000000, 'x') + list_of_references(10000, 0);
  CHECK(load_repr(bytes) == refused);

  // A short text, often, is what marshal writes itself.
  bytes = "[";
  append_u32_le(bytes, 2);
  bytes += "\332\020class:Some.Class" + list_of_references(100000, 0);
  CHECK(load(bytes).has_value());
}

TEST_CASE("references count for the depth of what they refer to") {
  // 0: [[]], 1: the inner list, 2: a list with a reference to 0
  constexpr auto bytes =
      "[\002\000\000\000\333\001\000\000\000\333\000\000\000\000\333\001\000\000\000r\000\000\000\000"sv;
  CHECK(load_repr(bytes, {.nesting_max = 4}) == "[[[]], [[[]]]]");
  CHECK(load_repr(bytes, {.nesting_max = 3}) == "limit: nested more than 3 levels deep");
}

TEST_CASE("lengths are believed only as far as the bytes go") {
  for (const char type : "[(<>suatA"sv) {
    CAPTURE(type);
    CHECK(load_repr(type + "\377\377\377\177N"s) == "malformed: marshal data too short");
    CHECK(load_repr(type + "\002\000\000\000N"s) == "malformed: marshal data too short");
    CHECK(load_repr(type + "\377\377\377\377N"s) == "malformed: bad marshal data (size out of range)");
  }
  CHECK(load_repr("l\377\377\377\177N"sv) == "malformed: marshal data too short");
  CHECK(load_repr("l\001\000\000\200N"sv) == "malformed: marshal data too short");
  CHECK(load_repr("l\000\000\000\200N"sv) == "malformed: marshal data too short");
}

TEST_CASE("announced elements are paid for in advance") {
  // Lists that each announce a million elements, inside each other.
  std::string bytes;
  for (int i = 0; i < 100; ++i) bytes += "[\100\102\017\000"sv;
  bytes += std::string(1000000, 'N');
  CHECK(load_repr(bytes) == "limit: more than 1000000 values");
}

TEST_CASE("a message of long ints is bounded by their cost") {
  std::string bytes = "[";
  append_u32_le(bytes, 100);
  for (int i = 0; i < 100; ++i) {
    bytes += "l\350\003\000\000"sv;
    for (int digit = 0; digit < 1000; ++digit) bytes += "\377\177"sv;
  }
  CHECK(load_repr(bytes, {.int_digits_max = 10000}).starts_with("["));
  CHECK(load_repr(bytes, {.value_nodes_max = 99000, .int_digits_max = 10000}) == "limit: more than 99000 values");
}

TEST_CASE("what marshal carries and we do not") {
  const Examples examples = {
      {"S"sv, "StopIteration is not accepted"},
      {"."sv, "Ellipsis is not accepted"},
      {"\343\000\000\000\000\000\000\000\000\000\000\000\000\001\000"sv, "code objects are not accepted"},
      {"0"sv, "NULL object"},
      {"[\001\000\000\0000"sv, "NULL object"},
      {"{N0"sv, "NULL object"},
      {"?"sv, "unknown type code"},
      {"R\000\000\000\000"sv, "unknown type code"},
      {"NN"sv, "bytes behind the value"},
      {"u\001\000\000\000\377"sv, "invalid UTF-8"},
      {"u\002\000\000\000\303("sv, "invalid UTF-8"},
      {"Z\001\351"sv, "invalid ASCII"},
      {"f\003x.y"sv, "invalid float"},
      {"f\000"sv, "invalid float"},
      {"l\001\000\000\000\000\200"sv, "digit out of range in long"},
      {"l\002\000\000\000\001\000\000\000"sv, "unnormalized long data"},
  };
  for (const auto& example : examples) {
    CAPTURE(example.second);
    CHECK(load_repr(example.first) == "malformed: bad marshal data (" + std::string(example.second) + ")");
  }
  CHECK(load_repr("<\001\000\000\000[\000\000\000\000"sv) == "malformed: unhashable type: 'list'");
  CHECK(load_repr("{{0N0"sv) == "malformed: unhashable type: 'dict'");
  CHECK(load_repr("<\001\000\000\000>\000\000\000\000"sv) == "malformed: unhashable type: 'set'");  // fine in Python
}

TEST_CASE("marshal writes what Python's version 2 writes") {
  const std::vector<std::pair<Value, std::string_view>> examples = {
      {make_list({None{}, true, false}), "[\003\000\000\000NTF"sv},
      {-1, "i\377\377\377\377"sv},
      {std::int64_t{-2147483648}, "i\000\000\000\200"sv},
      {std::int64_t{2147483648}, "l\003\000\000\000\000\000\000\000\002\000"sv},
      {std::numeric_limits<std::int64_t>::min(), "l\373\377\377\377\000\000\000\000\000\000\000\000\010\000"sv},
      {BigInt{"-1000000000000000000000000000000"}, "l\371\377\377\377\000\000\000\000\2517\2473\004M\223e'\003"sv},
      {1.5, "g\000\000\000\000\000\000\370\077"sv},
      {Complex{1, 2}, "y\000\000\000\000\000\000\360\077\000\000\000\000\000\000\000@"sv},
      {ByteString{std::string("a\0\xff"sv)}, "s\003\000\000\000a\000\377"sv},
      {"\xed\xa0\x80", "u\003\000\000\000\355\240\200"sv},
      {make_tuple({1}), "(\001\000\000\000i\001\000\000\000"sv},
      {make_set({7}), "<\001\000\000\000i\007\000\000\000"sv},
      {Dict{{{"a", 1}}}, "{u\001\000\000\000ai\001\000\000\0000"sv},
  };
  for (const auto& example : examples) {
    CAPTURE(repr(example.first));
    Bytes out = "before ";
    REQUIRE(MarshalSerializer().dump(example.first, out).has_value());
    CHECK(out == "before " + std::string(example.second));
  }
}

}  // namespace
}  // namespace hearth
