#include "nameserver/registry/index_load.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <random>
#include <set>

#include "nameserver/registry/tag_search.h"
#include "tests/support/searching.h"

namespace hearth::test {
namespace {

using Names = std::vector<std::string>;

/// Numbers the tags as a storage does, from the last to the first, which is not how the index does it.
void load(Index& index, const std::vector<Registration>& registrations) {
  std::set<std::string> all_tags;
  for (const Registration& one : registrations) all_tags.insert(one.tags.begin(), one.tags.end());
  IndexLoad load(index);
  for (const auto& [name, uri, tags] : registrations) {
    std::vector<TagNumber> numbers;
    for (const std::string& tag : tags) {
      numbers.push_back(static_cast<TagNumber>(std::distance(all_tags.find(tag), all_tags.end())));
    }
    load.take({name, uri, std::vector<std::string_view>(tags.begin(), tags.end()), numbers});
  }
  load.finish();
}

Names all_names(Index& index) { return names_of(search_prefix(index, "").value()); }

Names with_tag(Index& index, const std::string& tag) {
  Names found = names_of(search_tags(index, Tags{tag}, TagsWanted::all));
  std::sort(found.begin(), found.end());
  return found;
}

TEST_CASE("what was loaded in any order is found by name, by prefix and by tag, and can be changed") {
  std::vector<Registration> registrations;
  Names names;
  for (int i = 0; i < 1000; ++i) {
    const std::string number = std::to_string(1000 + i);
    names.push_back("lab." + number);
    registrations.push_back({names.back(), "u" + number, i % 10 == 0 ? Tags{"all", "tenth"} : Tags{"all"}});
  }
  std::shuffle(registrations.begin(), registrations.end(), std::mt19937(20261127));
  Index index;
  load(index, registrations);

  CHECK(index.size() == 1000);
  CHECK(all_names(index) == names);
  CHECK(index.find("lab.1500")->uri() == "u1500");
  CHECK(index.tags_of(*index.find("lab.1500")) == std::vector<std::string_view>{"all", "tenth"});
  CHECK(with_tag(index, "tenth").size() == 100);
  CHECK(with_tag(index, "all") == names);

  index.apply(Remove{names});
  CHECK(index.size() == 0);
  CHECK(all_names(index).empty());
  CHECK_FALSE(index.tag_number("all").has_value());
  index.apply(Put{{"lab", "u", {"all"}}});
  CHECK(with_tag(index, "all") == Names{"lab"});
}

TEST_CASE("of two registrations with one name the last is kept, with nothing of the other") {
  Index index;
  load(index, {{"b", "old", {"red", "shared"}}, {"a", "u", {"red"}}, {"b", "new", {"blue", "shared"}}});
  CHECK(all_names(index) == Names{"a", "b"});
  CHECK(index.find("b")->uri() == "new");
  CHECK(with_tag(index, "red") == Names{"a"});
  CHECK(with_tag(index, "blue") == Names{"b"});
  CHECK(with_tag(index, "shared") == Names{"b"});
  index.apply(Remove{{"b"}});
  CHECK_FALSE(index.tag_number("shared").has_value());
}

TEST_CASE("an empty storage is an empty index") {
  Index index;
  load(index, {});
  CHECK(index.size() == 0);
  CHECK(all_names(index).empty());
}

}  // namespace
}  // namespace hearth::test
