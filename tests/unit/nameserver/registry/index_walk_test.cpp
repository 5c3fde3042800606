// What several turns read of the index is what it was when they began, whatever changes meanwhile.
#include "nameserver/registry/index_walk.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <list>
#include <map>
#include <random>

#include "nameserver/registry/tag_search.h"
#include "tests/support/searching.h"

namespace hearth::test {
namespace {

using Names = std::vector<std::string>;
using Model = std::map<std::string, Registration>;

Registration copy_of(const Index& index, const CompactRegistration& entry) {
  const auto tags = index.tags_of(entry);
  return {std::string(entry.name()), std::string(entry.uri()), Tags(tags.begin(), tags.end())};
}

bool has_tag(const Registration& registration, const std::string& tag) {
  return std::binary_search(registration.tags.begin(), registration.tags.end(), tag);
}

/// The rest of a walk.
Names rest(IndexWalk& walk) {
  Names names;
  while (!walk.is_over()) {
    std::size_t items_left = 1;
    if (const auto* entry = walk.next(items_left)) names.emplace_back(entry->name());
  }
  return names;
}

/// A search, what it must find, and what it has found so far.
struct Running {
  SearchPtr search;
  std::map<std::string, Registration> expected;
  std::map<std::string, Registration> found = {};
};

void go_on(const Index& index, Running& running, std::size_t items) {
  while (items > 0 && !running.search->is_over()) {
    const auto match = running.search->next(items);
    REQUIRE(match.has_value());
    if (*match == nullptr) continue;
    const Registration copy = copy_of(index, **match);
    CHECK(running.found.emplace(copy.name, copy).second);  // each once
  }
}

}  // namespace

TEST_CASE("a walk sees what was there when it began") {
  Index index;
  for (const char* name : {"b", "d", "f", "h"}) index.apply(Put{{name, "old", {}}});
  IndexWalk walk(index, {""});
  std::size_t items_left = 1;
  CHECK(walk.next(items_left)->name() == "b");
  index.apply(Remove{{"b", "d"}});     // behind, ahead
  index.apply(Put{{"f", "new", {}}});  // ahead
  for (const char* name : {"a", "c", "e", "g", "i"}) index.apply(Put{{name, "new", {}}});
  index.apply(Remove{{"e"}});
  index.apply(Put{{"d", "newer", {}}});
  items_left = 1;
  CHECK(walk.next(items_left) == nullptr);  // "c", which is new
  CHECK(rest(walk) == Names{"d", "f", "h"});
  IndexWalk later(index, {""});
  CHECK(rest(later) == Names{"a", "c", "d", "f", "g", "h", "i"});
}

TEST_CASE("a walk looks at no more than it may, and costs nothing where nothing matches") {
  Index index;
  for (int i = 0; i < 10; ++i) index.apply(Put{{"n" + std::to_string(i), "u", {}}});
  IndexWalk walk(index, {"n3", "n7", "x"});
  CHECK(rest(walk) == Names{"n3", "n7"});
  IndexWalk everything(index, {""});
  std::size_t items_left = 4;
  for (int i = 0; i < 4; ++i) CHECK(everything.next(items_left) != nullptr);
  CHECK(items_left == 0);
  CHECK(everything.next(items_left) == nullptr);
  CHECK_FALSE(everything.is_over());
  IndexWalk nothing(index, {});
  CHECK(nothing.is_over());
}

TEST_CASE("changes between prefixes do not confuse a walk") {
  Index index;
  for (const char* name : {"a1", "b1", "b5"}) index.apply(Put{{name, "u", {}}});
  IndexWalk walk(index, {"a2", "b"});
  std::size_t items_left = 1;
  CHECK(walk.next(items_left) == nullptr);  // done with "a2"
  index.apply(Put{{"a2", "new", {}}});      // which is behind, though no name has been passed
  index.apply(Put{{"b3", "new", {}}});
  index.apply(Remove{{"b5"}});
  CHECK(rest(walk) == Names{"b1", "b5"});
}

TEST_CASE("tags of what has gone keep their texts as long as somebody reads") {
  Index index;
  index.apply(Put{{"a", "u", {"rare", "shared"}}});
  index.apply(Put{{"b", "u", {"shared"}}});
  {
    const SearchPtr search = search_tags(index, Tags{"rare"}, TagsWanted::all);
    index.apply(Remove{{"a"}});
    index.apply(Put{{"c", "u", {"new"}}});  // a number that were free now would become this tag's
    const auto matches = matches_of(*search);
    REQUIRE(matches.size() == 1);
    CHECK(copy_of(index, *matches.front()).tags == Tags{"rare", "shared"});
    CHECK(index.tag_number("rare").has_value());
  }
  CHECK_FALSE(index.tag_number("rare").has_value());
}

TEST_CASE("under many random changes every search finds what was there when it began") {
  std::mt19937 random(20261127);
  const auto pick = [&random](std::uint32_t count) { return static_cast<int>(random() % count); };
  const auto name = [&] { return std::string(1, static_cast<char>('a' + pick(3))) + std::to_string(pick(40)); };
  Index index;
  Model model;
  std::list<Running> searches;
  const auto begin = [&](SearchPtr search, auto matches) {
    Running running{std::move(search), {}};
    for (const auto& [key, registration] : model) {
      if (matches(registration)) running.expected.emplace(key, registration);
    }
    searches.push_back(std::move(running));
  };
  int finished = 0;
  for (int step = 0; step < 20000; ++step) {
    const std::string changed = name();
    Tags tags;
    for (int i = pick(4); i > 0; --i) tags.push_back("t" + std::to_string(pick(12)));
    sort_tags(tags);
    switch (pick(4)) {
      case 0:
        index.apply(Remove{{changed}});
        model.erase(changed);
        break;
      case 1:
        if (!model.contains(changed)) break;
        index.apply(SetTags{changed, tags});
        model[changed].tags = tags;
        break;
      default: model[changed] = {changed, "u" + std::to_string(step), tags}; index.apply(Put{model[changed]});
    }
    if (pick(10) == 0) {
      const std::string tag = "t" + std::to_string(pick(12));
      const std::string tag2 = "t" + std::to_string(pick(12));
      switch (pick(4)) {
        case 0: begin(search_everything(index), [](const Registration&) { return true; }); break;
        case 1: {
          const std::string a = name();
          const std::string b = name().substr(0, 1);
          begin(search_prefix(index, make_tuple({a, b})).value(),
                [&](const Registration& r) { return r.name.starts_with(a) || r.name.starts_with(b); });
          break;
        }
        case 2:
          begin(search_tags(index, Tags{tag, tag2}, TagsWanted::all),
                [&](const Registration& r) { return has_tag(r, tag) && has_tag(r, tag2); });
          break;
        default:
          begin(search_tags(index, Tags{tag, tag2}, TagsWanted::any),
                [&](const Registration& r) { return has_tag(r, tag) || has_tag(r, tag2); });
      }
    }
    for (auto running = searches.begin(); running != searches.end();) {
      if (pick(6) == 0) go_on(index, *running, static_cast<std::size_t>(pick(20)));
      if (!running->search->is_over()) {
        ++running;
        continue;
      }
      CHECK(running->found == running->expected);
      ++finished;
      running = searches.erase(running);
    }
    if (searches.size() > 8) searches.erase(std::next(searches.begin(), pick(8)));  // a client went away
  }
  CHECK(finished > 500);
  searches.clear();
  // Nothing is kept of what nobody reads: tags without registrations have lost their numbers.
  for (int i = 0; i < 200; ++i) index.apply(Remove{{name()}});
  for (const auto& [key, registration] : model) index.apply(Remove{{key}});
  for (int i = 0; i < 12; ++i) CHECK_FALSE(index.tag_number("t" + std::to_string(i)).has_value());
}

}  // namespace hearth::test
