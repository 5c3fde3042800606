#include "protocol/value/hashable.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <utility>

#include <hearth/repr.h>

namespace hearth {
namespace {

std::string made_set(std::vector<Value> items) {
  auto set = make_checked_set(std::move(items));
  if (set) return repr(std::move(*set));
  CHECK(set.error().kind == ErrorKind::malformed);
  return set.error().text;
}

TEST_CASE("what Python cannot hash") {
  CHECK(check_hashable(make_tuple({1, "a", make_tuple({})})).has_value());
  CHECK(check_hashable(List{}).error().text == "unhashable type: 'list'");
  CHECK(check_hashable(Dict{}).error().text == "unhashable type: 'dict'");
  CHECK(check_hashable(make_tuple({1, make_tuple({Set{}})})).error().text == "unhashable type: 'set'");
  CHECK(made_set({1, List{}}) == "unhashable type: 'list'");
}

TEST_CASE("of equal elements the first stays, in its place") {
  CHECK(made_set({"b", "a", "b", "c", "a"}) == "{'b', 'a', 'c'}");
  CHECK(made_set({1, true, 1.0, 0.0, false, 2.5, 2.5}) == "{1, 0.0, 2.5}");
  CHECK(made_set({None{}, None{}, ByteString{"a"}, "a", ByteString{"a"}}) == "{None, b'a', 'a'}");
  CHECK(made_set({BigInt{"99999999999999999999"}, 1e300, BigInt{"99999999999999999999"}, 1e300}) ==
        "{99999999999999999999, 1e+300}");
}

TEST_CASE("what is not equal stays") {
  CHECK(made_set({}) == "set()");
  CHECK(made_set({0, None{}, "", ByteString{""}, "0"}) == "{0, None, '', b'', '0'}");
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(made_set({nan, nan}) == "{nan, nan}");
}

}  // namespace
}  // namespace hearth
