#include "nameserver/options/limit_table.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

namespace hearth {
namespace {

/// Becomes whatever member it initialises.
struct AnyMember {
  template <class T>
  operator T() const;  // NOLINT(google-explicit-constructor)
};

/// An aggregate takes as many initialisers as it has members.
template <class Aggregate, class... Found>
constexpr std::size_t member_count() {
  if constexpr (requires { Aggregate{Found()..., AnyMember()}; }) {
    return member_count<Aggregate, Found..., AnyMember>();
  } else {
    return sizeof...(Found);
  }
}

}  // namespace

TEST_CASE("every member of Limits and DecodeLimits has a row in the table of limits") {
  CHECK(limit_table().size() == member_count<Limits>() - 1 + member_count<DecodeLimits>());  // -1: Limits::decode
  std::set<std::string_view> names;
  for (const Limit& limit : limit_table()) {
    CAPTURE(limit.name);
    CHECK(names.insert(limit.name).second);
    CHECK(find_limit(limit.name) == &limit);
    // No two rows are for one member: what one sets, the others do not see.
    Limits limits;
    set_limit(limit, limit.min, limits);
    const bool was_min = limit_value(limit, Limits()) == limit.min;
    const auto changed = std::ranges::count_if(
        limit_table(), [&](const Limit& other) { return limit_value(other, limits) != limit_value(other, Limits()); });
    CHECK(changed == (was_min ? 0 : 1));
  }
  CHECK(find_limit("nonsense") == nullptr);
}

TEST_CASE("bounds hold the default, and their members hold the bounds") {
  for (const Limit& limit : limit_table()) {
    CAPTURE(limit.name);
    CHECK(limit.min < limit.max);
    CHECK(limit_value(limit, Limits()) >= limit.min);
    CHECK(limit_value(limit, Limits()) <= limit.max);
    for (const std::uint64_t bound : {limit.min, limit.max}) {
      Limits limits;
      set_limit(limit, bound, limits);
      CHECK(limit_value(limit, limits) == bound);
    }
    CHECK((limit.unit == LimitUnit::milliseconds) == limit.name.ends_with("-ms"));
    CHECK((limit.unit == LimitUnit::bytes) == (limit.name.find("-bytes-") != std::string_view::npos));
  }
}

}  // namespace hearth
