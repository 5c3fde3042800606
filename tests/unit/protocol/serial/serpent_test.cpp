#include "protocol/serial/serpent.h"

#include <doctest/doctest.h>

#include <cmath>
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

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::string_view header = "# serpent utf-8 python3.2\n";

std::string dumped(const Value& value) {
  Bytes out = "before ";
  const auto outcome = SerpentSerializer().dump(value, out);
  if (!outcome) {
    CHECK(outcome.error().kind == ErrorKind::unsupported);
    CHECK(out == "before ");
    return "refused: " + outcome.error().text;
  }
  REQUIRE(out.starts_with("before " + std::string(header)));
  return out.substr(7 + header.size());
}

Result<Value> load(std::string_view text) {
  const ExactBytes exact(text);
  return SerpentSerializer().load(exact.view(), {});
}

Value dict_of(std::vector<DictItem> items) { return Dict{std::move(items)}; }

// The expected texts come from Python: serpent.dumps(value), serpent 1.41.
TEST_CASE("serpent writes what Python's serpent writes") {
  const std::vector<std::pair<Value, std::string_view>> examples = {
      {None{}, "None"},
      {true, "True"},
      {-7, "-7"},
      {BigInt{"1000000000000000000000000000000"}, "1000000000000000000000000000000"},
      {1.0, "1.0"},
      {1e-7, "1e-07"},
      {inf, "1e30000"},
      {-inf, "-1e30000"},
      {nan, "{'__class__':'float','value':'nan'}"},
      {Complex{1, 2}, "(1.0+2.0j)"},
      {Complex{0, -2.5}, "(0.0-2.5j)"},
      {Complex{-inf, inf}, "(-1e30000+1e30000j)"},
      {"it's \u20ac\n", "\"it's \u20ac\\n\""},
      {"\xed\xa0\x80", "'\\ud800'"},
      {ByteString{std::string("a\0\xff"sv)}, "{'data': 'YQD/', 'encoding': 'base64'}"},
      {List{}, "[]"},
      {make_list({1, "a", make_list({})}), "[1,'a',[]]"},
      {Tuple{}, "()"},
      {make_tuple({1}), "(1,)"},
      {make_tuple({1, 2}), "(1,2)"},
      {Set{}, "()"},
      {make_set({"x"}), "{'x'}"},
      {Dict{}, "{}"},
      {dict_of({{"a", 1}, {2, make_tuple({3})}}), "{'a':1,2:(3,)}"},
  };
  for (const auto& [value, text] : examples) CHECK(dumped(value) == text);
}

TEST_CASE("serpent spells what Python's serpent spells unreadably") {
  CHECK(dumped(make_set({ByteString{"k"}})) == "{b'k'}");
  CHECK(dumped(dict_of({{make_tuple({ByteString{"k"}}), ByteString{"v"}}})) ==
        "{(b'k',):{'data': 'dg==', 'encoding': 'base64'}}");
  CHECK(dumped(Complex{1, -0.0}) == "(1.0-0.0j)");
}

TEST_CASE("serpent refuses what has no literal, and leaves nothing behind") {
  CHECK(dumped(make_list({1, Complex{1, nan}})) == "refused: serpent cannot carry nan in a complex number");
  CHECK(dumped(make_set({nan})) == "refused: serpent cannot carry nan as a key");
  CHECK(dumped(dict_of({{List{}, 1}})) == "refused: a list, set or dict cannot be a key");
  CHECK(dumped(make_set({make_tuple({Dict{}})})) == "refused: a list, set or dict cannot be a key");
  CHECK(dumped(make_list({make_set({Set{}})})) == "refused: a list, set or dict cannot be a key");
}

TEST_CASE("serpent turns its class dicts back") {
  CHECK(std::isnan(*load("{'__class__':'float','value':'nan'}")->as<double>()));
  CHECK(std::isnan(*load("[{'value' : 'nan', '__class__': 'float'}]")->as_items()->front().as<double>()));
  CHECK(*load("{'data': 'YQD/', 'encoding': 'base64'}") == Value(ByteString{std::string("a\0\xff"sv)}));
  CHECK(*load("{'encoding': 'base64', 'data': ''}") == Value(ByteString{""}));
  CHECK(*load("{{'data': 'aw==', 'encoding': 'base64'}: 1}") == dict_of({{ByteString{"k"}, 1}}));
}

TEST_CASE("dicts that only look like class dicts stay") {
  for (const std::string_view text :
       {"{'__class__': 'float', 'value': 'inf'}", "{'__class__': 'int', 'value': 'nan'}",
        "{'__class__': 'float', 'value': 'nan', 'x': 1}", "{'data': 'YQD', 'encoding': 'base64'}",
        "{'data': 'YQD/', 'encoding': 'hex'}", "{'data': b'YQD/', 'encoding': 'base64'}",
        "{'data': 'YQD/', 'encoding': 'base64', 'x': 1}", "{'data': 'YQD/', 'data': 'YQD/'}"}) {
    CHECK(repr(*load(text)) == text);
  }
}

// serpent.dumps(('Pyro.NameServer','register',('a','PYRO:o@h:1'),{'safe':True,'metadata':{'x'}}))
TEST_CASE("a call from Python") {
  const auto call = SerpentSerializer().load_call(
      "# serpent utf-8 python3.2\n"
      "('Pyro.NameServer','register',('a','PYRO:o@h:1'),{'safe':True,'metadata':{'x'}})",
      {});
  REQUIRE(call.has_value());
  CHECK(call->method == Value("register"));
  CHECK(call->args == make_tuple({"a", "PYRO:o@h:1"}));
  CHECK(repr(call->kwargs) == "{'safe': True, 'metadata': {'x'}}");
}

// serpent.dumps({'a':[1,2.5,(3,)],'b':{'c'},'d':b'xy','e':(),'f':1+2j}, indent=True)
TEST_CASE("indented text from Python") {
  const auto value = load(
      "# serpent utf-8 python3.2\n{\n  'a': [\n    1,\n    2.5,\n    (\n      3,\n    )\n  ],\n  'b': {\n    'c'\n  "
      "},\n"
      "  'd': {'data': 'eHk=', 'encoding': 'base64'},\n  'e': (),\n  'f': (1.0+2.0j)\n}");
  REQUIRE(value.has_value());
  CHECK(repr(*value) == "{'a': [1, 2.5, (3,)], 'b': {'c'}, 'd': b'xy', 'e': (), 'f': (1+2j)}");
}

TEST_CASE("the header is a comment: old ones pass, the syntax of Python 2 does not") {
  CHECK(*load("# serpent utf-8 python2.6\n[u'x',(1,)]") == make_list({"x", make_tuple({1})}));
  CHECK_FALSE(load("# serpent utf-8 python2.6\n[1L]").has_value());
  CHECK_FALSE(load("# serpent utf-8 python2.6\n0777").has_value());
}

}  // namespace
}  // namespace hearth
