#include "nameserver/model/name_order.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace hearth {
namespace {

using Names = std::vector<std::string>;

Names sorted(const Names& names) {
  std::vector<CompactPtr> entries;
  std::vector<const CompactRegistration*> order;
  for (const std::string& name : names) {
    entries.push_back(CompactRegistration::make(name, "u", {}));
    order.push_back(entries.back().get());
  }
  sort_by_name(order);
  Names result;
  for (const CompactRegistration* entry : order) result.emplace_back(entry->name());
  return result;
}

/// Sorted bytewise by the standard, and handed over in some other order.
void check_all_orders(Names names, std::mt19937& random) {
  Names expected = names;
  std::sort(expected.begin(), expected.end());
  for (int round = 0; round < 3; ++round) {
    std::shuffle(names.begin(), names.end(), random);
    CHECK(sorted(names) == expected);
  }
  CHECK(sorted(expected) == expected);
}

TEST_CASE("names are sorted bytewise, however much of them is alike") {
  std::mt19937 random(20261127);
  const std::string letters("a\0b\xff", 4);  // two letters, what pads a short key, and the largest byte
  for (const std::size_t shared : {0U, 5U, 7U, 14U, 3000U}) {
    CAPTURE(shared);
    std::set<std::string> names;
    while (names.size() < 2000) {
      std::string name(random() % 4 == 0 ? random() % 4 : shared, 'p');
      for (std::size_t length = random() % 24; length > 0; --length) name.push_back(letters[random() % letters.size()]);
      names.insert(name);
    }
    check_all_orders(Names(names.begin(), names.end()), random);
  }
}

TEST_CASE("names that end where others go on come first") {
  std::mt19937 random(20261127);
  Names names;
  for (std::size_t length = 0; length < 40; ++length) {
    names.emplace_back(length, 'a');
    names.push_back(std::string(length, 'a') + std::string(3, '\0'));
  }
  check_all_orders(names, random);
}

TEST_CASE("few names, one, and none") {
  CHECK(sorted({}).empty());
  CHECK(sorted({"a"}) == Names{"a"});
  CHECK(sorted({"b", "", "a"}) == Names{"", "a", "b"});
}

}  // namespace
}  // namespace hearth
