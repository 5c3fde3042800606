#include "protocol/serial/json.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

#include "tests/support/exact_bytes.h"

namespace hearth {
namespace {

Result<Value> load(std::string_view text, const DecodeLimits& limits = {}) {
  const ExactBytes exact(text);
  return JsonSerializer().load(exact.view(), limits);
}

std::string dumped(const Value& value) {
  Bytes out = "before ";
  const auto done = JsonSerializer().dump(value, out);
  if (done) return out.substr(7);
  CHECK(done.error().kind == ErrorKind::unsupported);
  CHECK(out == "before ");
  return done.error().text;
}

bool is_malformed(std::string_view text) {
  const auto loaded = load(text);
  return !loaded && loaded.error().kind == ErrorKind::malformed;
}

std::string nested(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

// JsonSerializer().dumps([None,True,False,0,-1,2**63,-2**64,10**30,1.5,1.0,1e16,1e-7,-0.0,nan,inf,-inf,…,(1,2),[],{}])
constexpr std::string_view written_by_python =
    "[null, true, false, 0, -1, 9223372036854775808, -18446744073709551616, 1000000000000000000000000000000, 1.5, 1.0, "
    "1e+16, 1e-07, -0.0, NaN, Infinity, -Infinity, \"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7f\xc3\xa9\xe2\x80\xa8"
    "\xf0\x9f\x98\x80\", [1, 2], [], {}]";

Value the_same() {
  constexpr double inf = std::numeric_limits<double>::infinity();
  using namespace std::string_view_literals;
  return make_list({None{},
                    true,
                    false,
                    0,
                    -1,
                    BigInt{"9223372036854775808"},
                    BigInt{"-18446744073709551616"},
                    BigInt{"1000000000000000000000000000000"},
                    1.5,
                    1.0,
                    1e16,
                    1e-7,
                    -0.0,
                    std::nan(""),
                    inf,
                    -inf,
                    "a\"\\/\b\f\n\r\t\0\x1f\x7fé\u2028😀"sv,
                    make_list({1, 2}),
                    List{},
                    Dict{}});
}

TEST_CASE("json reads what Python writes") {
  CHECK(*load(written_by_python) == the_same());
  CHECK(std::signbit(*load("-0.0")->as<double>()));
  CHECK(*load(" \t\r\n\"x\" \n") == Value("x"));
}

TEST_CASE("json is cut off everywhere") {
  for (std::size_t length = 0; length < written_by_python.size(); ++length) {
    CAPTURE(length);
    CHECK(is_malformed(written_by_python.substr(0, length)));
  }
}

TEST_CASE("json reads back what it writes") {
  const std::string text = dumped(the_same());
  CHECK(*load(text) == the_same());
  CHECK(dumped(make_list({1, "é\n\x01", 1.0})) == "[1,\"é\\n\\u0001\",1.0]");
}

TEST_CASE("json numbers follow Python's grammar") {
  CHECK(*load("-0") == Value(0));
  CHECK(*load("0e5") == Value(0.0));
  CHECK(*load("1E+2") == Value(100.0));
  CHECK(*load("1e400") == Value(HUGE_VAL));
  CHECK(*load("-1e400") == Value(-HUGE_VAL));
  CHECK(*load("1e-400") == Value(0.0));
  CHECK(*load("9223372036854775807") == Value(std::numeric_limits<std::int64_t>::max()));
  CHECK(*load("[" + std::string(400, '7') + "]") == make_list({BigInt{std::string(400, '7')}}));
  for (const char* text :
       {"01",    "-",    "+1",  ".5",  "1.",   "1e",   "1e+",       "--1",  "- 1", "1.5.5", "1e5.3",
        "1e5e5", "-NaN", "nan", "Inf", "-Inf", "NaNN", "Infinity1", "0x10", "1_0", "1 2",   "\xd9\xa1"}) {
    CAPTURE(text);
    CHECK(is_malformed(text));
    CHECK(is_malformed("[" + std::string(text) + "]"));
  }
}

TEST_CASE("json text") {
  CHECK(*load("\"\\u00e9\\/\\u0000\"") == Value(std::string_view("é/\0", 4)));
  CHECK(*load("\"\\ud83d\\ude00\"") == Value("😀"));
  CHECK(*load("\"\\ud800\"") == Value("\xed\xa0\x80"));
  CHECK(*load("\"\\ud800x\\udbff\\n\"") == Value("\xed\xa0\x80x\xed\xaf\xbf\n"));
  CHECK(*load("\"\\udc00\\uD800\\uD83D\\uDE00\"") == Value("\xed\xb0\x80\xed\xa0\x80😀"));
  CHECK(*load("\"\\\\ud800\"") == Value("\\ud800"));
  CHECK(*load("{\"\\ud800\": 1}")->as<Dict>()->find("\xed\xa0\x80") == Value(1));
  for (std::string_view text :
       {"\"\\ud8\"", "\"\\ud80g\"", "\"\\ud800\\u12\"", "\"\\x41\"", "\"\n\"", "\"\x1f\"", "\"", "'a'", "\"\\", "\"\\u",
        "\"a\\\"", "\"\xff\"", "\"\xed\xa0\x80\"", "\"\xc3\"", "\\ud800"}) {
    CAPTURE(text);
    CHECK(is_malformed(text));
  }
}

TEST_CASE("json structure is strict") {
  for (std::string_view text : {"",
                                " ",
                                "[1,]",
                                "[,1]",
                                "[1 2]",
                                "{\"a\":1,}",
                                "{\"a\" 1}",
                                "{1:2}",
                                "{null:1}",
                                "[}",
                                "]",
                                "[]]",
                                "[] []",
                                "// x\n1",
                                "nul",
                                "truefalse",
                                "None",
                                "\xef\xbb\xbf[]",
                                "\xc2\xa0"
                                "1",
                                "\v1"}) {
    CAPTURE(text);
    CHECK(is_malformed(text));
  }
  CHECK(is_malformed(std::string_view("1\0", 2)));
  CHECK(is_malformed(std::string_view("[]\0[]", 5)));
  CHECK(is_malformed(std::string_view("\"\0\"", 3)));
}

TEST_CASE("json objects keep their order, and the last of equal keys counts") {
  const auto loaded = load("{\"b\": 1, \"a\": {\"__class__\": \"float\", \"value\": \"nan\"}, \"b\": 3}");
  const auto& dict = *loaded->as<Dict>();
  CHECK(dict.items.front().key == Value("b"));
  CHECK(*dict.find("b") == Value(3));
  CHECK(dict.find("a")->type_name() == "dict");  // means a float in serpent only
}

TEST_CASE("json writes tuples and sets as arrays, and keys as text") {
  CHECK(dumped(make_tuple({1, make_set({"x"})})) == "[1,[\"x\"]]");
  Dict dict;
  dict.items = {{true, 2},         {false, 9},     {None{}, 3}, {1.5, 4},
                {std::nan(""), 6}, {-HUGE_VAL, 7}, {7, 8},      {BigInt{"100000000000000000000"}, 8}};
  CHECK(dumped(dict) ==
        "{\"true\":2,\"false\":9,\"null\":3,\"1.5\":4,\"NaN\":6,\"-Infinity\":7,\"7\":8,\"100000000000000000000\":8}");
}

TEST_CASE("json refuses to write what Python's json refuses, and leaves the output alone") {
  CHECK(dumped(make_list({1, ByteString{"x"}})) == "Object of type bytes is not JSON serializable");
  CHECK(dumped(Complex{0, 1}) == "Object of type complex is not JSON serializable");
  CHECK(dumped("\xed\xa0\x80").find("surrogate") != std::string::npos);
  for (const Value& key : {Value(make_tuple({1})), Value(ByteString{"k"}), Value(Complex{})}) {
    Dict dict;
    dict.items = {{key, 1}};
    CHECK(dumped(make_list({dict})) ==
          "keys must be str, int, float, bool or None, not " + std::string(key.type_name()));
  }
}

TEST_CASE("json calls are objects") {
  Dict kwargs;
  kwargs.add("return_metadata", true);
  Bytes out;
  REQUIRE(JsonSerializer().dump_call({"Pyro.NameServer", "lookup", make_tuple({"example"}), kwargs}, out));
  CHECK(out ==
        "{\"object\":\"Pyro.NameServer\",\"method\":\"lookup\",\"params\":[\"example\"],"
        "\"kwargs\":{\"return_metadata\":true}}");

  // JsonSerializer().dumpsCall("Pyro.NameServer", "lookup", ("example",), {"return_metadata": True}), in another order
  const auto call = JsonSerializer().load_call(
      "{\"kwargs\": {\"return_metadata\": true}, \"method\": \"lookup\", \"object\": \"Pyro.NameServer\", "
      "\"params\": [\"example\"]}",
      {});
  REQUIRE(call);
  CHECK(call->object == Value("Pyro.NameServer"));
  CHECK(call->method == Value("lookup"));
  CHECK(call->args == make_list({"example"}));
  CHECK(call->kwargs == Value(kwargs));

  for (const char* text : {"[1,2,3,4]", "{}", "null", "{\"object\":1,\"method\":2,\"params\":[]}"}) {
    CAPTURE(text);
    const auto refused = JsonSerializer().load_call(text, {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::malformed);
  }
  Bytes untouched = "x";
  CHECK_FALSE(JsonSerializer().dump_call({"o", "m", make_tuple({ByteString{"b"}}), Dict{}}, untouched));
  CHECK(untouched == "x");
}

TEST_CASE("json limits") {
  DecodeLimits limits;
  limits.nesting_max = 3;
  CHECK(load(nested(3), limits));
  CHECK(load(nested(4), limits).error().kind == ErrorKind::limit);
  CHECK(load("{\"a\":{\"b\":{\"c\":{}}}}", limits).error().kind == ErrorKind::limit);
  CHECK(load(std::string(1000000, '[')).error().kind == ErrorKind::limit);

  limits = {};
  limits.value_nodes_max = 4;
  CHECK(load("[1,\"2\",null]", limits));
  CHECK(load("[1,2,3,4]", limits).error().kind == ErrorKind::limit);
  CHECK(load("[[],[],[],[]]", limits).error().kind == ErrorKind::limit);
  CHECK(load("{\"a\":1,\"b\":2}", limits).error().kind == ErrorKind::limit);
  CHECK(load("1,1,1,1,1,1", limits).error().kind == ErrorKind::limit);

  limits = {};
  limits.int_digits_max = 30;
  CHECK(*load("-" + std::string(30, '9'), limits) == Value(BigInt{"-" + std::string(30, '9')}));
  CHECK(load(std::string(31, '9'), limits).error().kind == ErrorKind::limit);
  CHECK(load(std::string(31, '9') + ".0", limits));
}

}  // namespace
}  // namespace hearth
