// C++ types as Python values and back: what is taken for what, and what a mismatch says.
#include <hearth/convert.h>
#include <hearth/convert_fields.h>

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

#include "protocol/rpc/class_dicts.h"

namespace hearth::test {

struct Point {
  double x = 0;
  double y = 0;
  bool operator==(const Point&) const = default;
};
struct Item {
  std::string name;
  std::vector<Point> corners;
  std::optional<int> weight;
  bool operator==(const Item&) const = default;
};
struct Opaque {};

}  // namespace hearth::test

template <>
struct hearth::Convert<hearth::test::Point> : hearth::ConvertFields<hearth::test::Point> {
  static constexpr std::string_view python_class = "geometry.Point";
  static constexpr auto fields = std::tuple(field("x", &hearth::test::Point::x), field("y", &hearth::test::Point::y));
};

template <>
struct hearth::Convert<hearth::test::Item> : hearth::ConvertFields<hearth::test::Item> {
  static constexpr auto fields =
      std::tuple(field("name", &hearth::test::Item::name), field("corners", &hearth::test::Item::corners),
                 field("weight", &hearth::test::Item::weight));
};

namespace hearth::test {
namespace {

static_assert(Sendable<int> && Sendable<const char (&)[4]> && Sendable<std::vector<bool>> && Sendable<const Point&>);
static_assert(!Sendable<Opaque> && !Sendable<char> && !Readable<Opaque> && !Readable<std::string_view>);

Value point(double x, double y) {
  Dict dict;
  dict.add("__class__", "geometry.Point");
  dict.add("x", x);
  dict.add("y", y);
  return dict;
}

template <class T>
T read(Value value) {
  auto converted = from_value<T>(std::move(value));
  REQUIRE_MESSAGE(converted.has_value(), converted.error().text);
  return std::move(*converted);
}

template <class T>
std::string mismatch_text(Value value) {
  const auto converted = from_value<T>(std::move(value));
  REQUIRE_FALSE(converted.has_value());
  CHECK(converted.error().kind == ClientErrorKind::protocol);
  return converted.error().text;
}

/// As this value, and back to an equal object.
template <class T>
void check_both_ways(const T& object, const Value& value) {
  CHECK(to_value(object) == value);
  CHECK(read<T>(value) == object);
}

}  // namespace

TEST_CASE("convert: scalars") {
  check_both_ways(true, true);
  check_both_ways(-5, -5);
  check_both_ways(std::uint8_t{255}, 255);
  check_both_ways(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::min());
  check_both_ways(std::numeric_limits<std::uint64_t>::max(), BigInt{"18446744073709551615"});
  check_both_ways(2.5, 2.5);
  check_both_ways(2.5F, 2.5);
  check_both_ways(std::complex<double>(1, -2), Complex{1, -2});
  check_both_ways(std::string("text"), "text");
  check_both_ways(ByteString{"bytes"}, ByteString{"bytes"});
  check_both_ways(BigInt{"123456789012345678901234567890"}, BigInt{"123456789012345678901234567890"});
  check_both_ways(BigInt{"7"}, 7);
  check_both_ways(Value(make_list({1, None{}})), make_list({1, None{}}));
  CHECK(to_value("literal") == Value("literal"));
  CHECK(to_value(std::string_view("view")) == Value("view"));
}

TEST_CASE("convert: numbers of the wider kinds take the narrower ones") {
  CHECK(read<double>(3) == 3.0);
  CHECK(read<double>(BigInt{"100000000000000000000"}) == 1e20);
  CHECK(read<std::complex<double>>(2.5) == std::complex<double>(2.5, 0));
  CHECK(mismatch_text<int>(3.0) == "expected int, got float 3.0");
  CHECK(mismatch_text<int>(true) == "expected int, got bool True");
  CHECK(mismatch_text<bool>(1) == "expected bool, got int 1");
}

TEST_CASE("convert: ints that do not fit") {
  CHECK(mismatch_text<std::uint8_t>(256) == "expected an int from 0 to 255, got int 256");
  CHECK(mismatch_text<std::uint64_t>(-1) == "expected an int from 0 to 18446744073709551615, got int -1");
  CHECK(mismatch_text<std::int64_t>(BigInt{"9223372036854775808"}) ==
        "expected an int from -9223372036854775808 to 9223372036854775807, got int 9223372036854775808");
  CHECK(mismatch_text<std::uint64_t>(BigInt{"18446744073709551616"}).find("got int 18446744073709551616") !=
        std::string::npos);
}

TEST_CASE("convert: containers") {
  check_both_ways(std::vector<int>{1, 2}, make_list({1, 2}));
  check_both_ways(std::vector<bool>{true, false}, make_list({true, false}));
  check_both_ways(std::array<double, 2>{1.5, 2.5}, make_list({1.5, 2.5}));
  check_both_ways(std::set<std::string>{"a", "b"}, make_set({"a", "b"}));
  check_both_ways(std::unordered_set<int>{7}, make_set({7}));
  check_both_ways(std::pair<int, std::string>{1, "x"}, make_tuple({1, "x"}));
  check_both_ways(std::tuple<int, double, bool>{1, 2.5, true}, make_tuple({1, 2.5, true}));
  check_both_ways(std::tuple<>{}, make_tuple({}));
  Dict dict;
  dict.add("k", make_list({1}));
  check_both_ways(std::map<std::string, std::vector<int>>{{"k", {1}}}, dict);
  check_both_ways(std::unordered_map<std::string, std::vector<int>>{{"k", {1}}}, dict);
  check_both_ways(std::optional<int>(3), 3);
  check_both_ways(std::optional<int>(), None{});
}

TEST_CASE("convert: what a serializer without tuples and sets has made lists of") {
  CHECK(read<std::vector<int>>(make_tuple({1, 2})) == std::vector<int>{1, 2});
  CHECK(read<std::set<int>>(make_list({2, 1, 2})) == std::set<int>{1, 2});
  CHECK(read<std::set<int>>(make_tuple({})).empty());  // serpent's empty set
  CHECK(read<std::pair<int, int>>(make_list({1, 2})) == std::pair(1, 2));
}

TEST_CASE("convert: a variant is the first alternative that fits") {
  using Number = std::variant<int, double, std::string>;
  check_both_ways(Number(1), 1);
  check_both_ways(Number(1.5), 1.5);
  check_both_ways(Number("x"), "x");
  CHECK(read<std::variant<double, int>>(1) == std::variant<double, int>(1.0));
  CHECK(mismatch_text<Number>(None{}) == "expected one of 3 types, got None");
}

TEST_CASE("convert: a mismatch names its place") {
  CHECK(mismatch_text<std::vector<double>>(make_list({1, 2.5, 3, "x"})) == "item 3: expected float, got str 'x'");
  Dict dict;
  dict.add("k", make_list({1, None{}}));
  CHECK((mismatch_text<std::map<std::string, std::vector<int>>>(dict)) ==
        "the value of str 'k': item 1: expected int, got None");
  dict.items.push_back({5, 6});
  CHECK((mismatch_text<std::map<std::string, Value>>(dict)) == "a key: expected str, got int 5");
  CHECK((mismatch_text<std::pair<int, int>>(make_list({1}))) == "expected 2 items, got list of 1");
  CHECK((mismatch_text<std::tuple<int, int>>(make_tuple({1, "x"}))) == "item 1: expected int, got str 'x'");
  CHECK(mismatch_text<std::set<int>>(5) == "expected set, got int 5");
  CHECK(from_value<int>("x", "the result of f()").error().text == "the result of f(): expected int, got str 'x'");
}

TEST_CASE("convert: a large value does not become a large text") {
  CHECK(mismatch_text<int>(std::string(1000, 'a')) == "expected int, got str '" + std::string(40, 'a') + "…'");
  CHECK(mismatch_text<int>(std::string(39, 'a') + "ä") == "expected int, got str '" + std::string(39, 'a') + "…'");
  CHECK(mismatch_text<int>(ByteString{std::string(1000, 'a')}) == "expected int, got bytes of 1000");
  CHECK(mismatch_text<std::string>(make_list({1, 2})) == "expected str, got list of 2");
  CHECK(mismatch_text<std::string>(point(1, 2)) == "expected str, got Point");
}

TEST_CASE("convert: structs by their fields") {
  check_both_ways(Point{1, 2}, point(1, 2));
  Dict item;
  item.add("name", "box");
  item.add("corners", make_list({point(0, 0), point(1, 1)}));
  item.add("weight", None{});
  check_both_ways(Item{"box", {{0, 0}, {1, 1}}, std::nullopt}, item);
}

TEST_CASE("convert: what a struct's dict may lack and have") {
  Dict item;
  item.add("corners", make_list({}));
  CHECK(mismatch_text<Item>(item) == "the field 'name' is missing");
  item.add("name", "box");
  item.add("colour", "red");
  CHECK(read<Item>(item) == Item{"box", {}, std::nullopt});
  item.find("corners")->as<List>()->items.emplace_back(Dict{});
  CHECK(mismatch_text<Item>(item) == "field 'corners': item 0: expected geometry.Point, got dict of 0");
  *item.find("corners") = make_list({point(1, 2)});
  *item.find("corners")->as<List>()->items[0].as<Dict>()->find("__class__") = "geometry.Circle";
  CHECK(mismatch_text<Item>(item) == "field 'corners': item 0: expected geometry.Point, got geometry.Circle");
  CHECK(mismatch_text<Item>(5) == "expected dict, got int 5");
}

TEST_CASE("convert: places of objects") {
  const Uri uri = parse_uri("PYRO:o@h:1").value();
  CHECK(to_value(uri) == Value("PYRO:o@h:1"));
  CHECK(read<Uri>("pyro:o@h:1") == uri);
  for (const Dialect dialect : {Dialect::pyro4, Dialect::pyro5}) CHECK(read<Uri>(uri_value(uri, dialect)) == uri);
  Dict proxy;  // as a Pyro4 daemon sends one of its objects
  proxy.add("__class__", "Pyro4.core.Proxy");
  proxy.add("state", make_tuple({"PYRO:o@h:1", make_tuple({}), make_tuple({"m"}), make_tuple({}), 0.0, None{}, "hello",
                                 0, None{}}));
  CHECK(read<Uri>(proxy) == uri);
  CHECK(mismatch_text<Uri>("o@h:1") == "invalid uri: o@h:1");
  CHECK(mismatch_text<Uri>(make_list({})) == "expected URI, got list of 0");
}

}  // namespace hearth::test
