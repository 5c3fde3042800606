#include "nameserver/registry/index.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>

#include "nameserver/registry/tag_search.h"
#include "tests/support/searching.h"

namespace hearth::test {
namespace {

using Names = std::vector<std::string>;

Names names(const Index::Matches& matches) {
  std::vector<std::string> result;
  for (const CompactRegistration* entry : matches) result.emplace_back(entry->name());
  return result;
}

Registration copy_of(const Index& index, std::string_view name) {
  const CompactRegistration* entry = index.find(name);
  REQUIRE(entry != nullptr);
  const auto tags = index.tags_of(*entry);
  return {std::string(entry->name()), std::string(entry->uri()), Tags(tags.begin(), tags.end())};
}

Index filled() {
  Index index;
  index.apply(Put{{"lab.b", "u2", {"blue", "gpu"}}});
  index.apply(Put{{"lab.a", "u1", {"blue"}}});
  index.apply(Put{{"lab", "u0", {}}});
  index.apply(Put{{"Lab.a", "u3", {"red"}}});
  return index;
}

Names with_prefix(Index& index, const std::string& prefix) { return names_of(search_prefix(index, prefix).value()); }

Names with_tags(Index& index, const Tags& tags, TagsWanted wanted) {
  Names found = names_of(search_tags(index, tags, wanted));
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

TEST_CASE("a registration has the owner that made it, until somebody makes it anew") {
  Index index;
  const auto claim = [](const char* owner) { return std::make_shared<const Claim>(Claim{{owner}, true}); };
  const auto owner_of = [&index](std::string_view name) { return index.owner_of(*index.find(name)); };
  index.put("stored", "u", {});
  index.set_owner("stored", "alice");
  index.set_owner("unknown", "alice");
  index.apply(Put{{"a", "u", {}}, false, claim("alice")});
  index.apply(Put{{"b", "u", {}}});
  CHECK(owner_of("stored") == "alice");
  CHECK(owner_of("a") == "alice");
  CHECK(owner_of("b").empty());
  CHECK_FALSE(index.may_change(claim("bob"), "a"));
  CHECK(index.may_change(claim("alice"), "a"));
  CHECK(index.may_change(nullptr, "a"));
  CHECK(index.may_change(claim("bob"), "b"));
  CHECK(index.may_change(claim("bob"), "unknown"));
  index.apply(SetTags{"a", {"t"}, claim("bob")});
  CHECK(owner_of("a") == "alice");
  index.apply(Put{{"a", "u", {}}, false, claim("bob")});
  CHECK(owner_of("a") == "bob");
  index.apply(Put{{"a", "u", {}}});  // by another program
  CHECK(owner_of("a").empty());
  index.apply(Remove{{"stored"}});
  index.apply(Put{{"stored", "u", {}}});
  CHECK(owner_of("stored").empty());
}

TEST_CASE("names are found exactly and by true prefix, in order") {
  Index index = filled();
  CHECK(index.size() == 4);
  CHECK(index.find("lab.a")->uri() == "u1");
  CHECK(index.find("LAB.A") == nullptr);
  CHECK(with_prefix(index, "lab") == Names{"lab", "lab.a", "lab.b"});
  CHECK(with_prefix(index, "lab.") == Names{"lab.a", "lab.b"});
  CHECK(with_prefix(index, "lab_").empty());
  CHECK(with_prefix(index, "%").empty());
  CHECK(with_prefix(index, "") == Names{"Lab.a", "lab", "lab.a", "lab.b"});
}

TEST_CASE("several prefixes find each name once, in order") {
  Index index = filled();
  const auto found = [&index](std::vector<Value> prefixes) {
    return names_of(search_prefix(index, make_tuple(std::move(prefixes))).value());
  };
  CHECK(found({"lab.b", "L"}) == Names{"Lab.a", "lab.b"});
  CHECK(found({"lab.", "lab", "lab.a", "lab", "x"}) == Names{"lab", "lab.a", "lab.b"});
  CHECK(found({"x", ""}) == Names{"Lab.a", "lab", "lab.a", "lab.b"});
  CHECK(found({"a", "x"}).empty());
  CHECK(found({}).empty());
}

TEST_CASE("tags are found by all or any of them, however rare they are") {
  for (const int others : {0, 100}) {  // by a walk, and by the posting lists
    Index index = filled();
    for (int i = 0; i < others; ++i) index.apply(Put{{"other" + std::to_string(i), "u", {"common"}}});
    const auto all = [&index](const Tags& tags) { return with_tags(index, tags, TagsWanted::all); };
    const auto any = [&index](const Tags& tags) { return with_tags(index, tags, TagsWanted::any); };
    CHECK(all({"blue"}) == Names{"lab.a", "lab.b"});
    CHECK(all({"blue", "gpu"}) == Names{"lab.b"});
    CHECK(all({"blue", "blue"}) == Names{"lab.a", "lab.b"});
    CHECK(all({"blue", "red"}).empty());
    CHECK(all({"blue", "nope"}).empty());
    CHECK(all({"nope"}).empty());
    CHECK(any({"gpu", "red"}) == Names{"Lab.a", "lab.b"});
    CHECK(any({"gpu", "blue", "nope"}) == Names{"lab.a", "lab.b"});
    CHECK(any({"nope"}).empty());
    CHECK(any({}).empty());
  }
}

TEST_CASE("a replaced registration loses its old tags, a removed one everything") {
  Index index = filled();
  index.apply(Put{{"lab.a", "new", {"red"}}});
  CHECK(index.find("lab.a")->uri() == "new");
  CHECK(with_tags(index, {"blue"}, TagsWanted::all) == Names{"lab.b"});
  CHECK(with_tags(index, {"red"}, TagsWanted::all) == Names{"Lab.a", "lab.a"});
  index.apply(SetTags{"lab.a", {"gold"}});
  CHECK(with_tags(index, {"red", "gold"}, TagsWanted::any) == Names{"Lab.a", "lab.a"});
  index.apply(Remove{{"lab.a", "unknown", "lab"}});
  CHECK(index.size() == 2);
  CHECK(with_prefix(index, "lab") == Names{"lab.b"});
  CHECK_FALSE(index.tag_number("gold").has_value());
}

TEST_CASE("only a registration that still has its URI is evicted") {
  Index index = filled();
  index.apply(Evict{{{"lab.a", "u1"}, {"lab.b", "u1"}, {"unknown", "u1"}}});
  CHECK(with_prefix(index, "") == Names{"Lab.a", "lab", "lab.b"});
  CHECK(with_tags(index, {"blue"}, TagsWanted::all) == Names{"lab.b"});
}

TEST_CASE("all names can be walked piece by piece while they change") {
  Index index = filled();
  CHECK(names(index.after(std::nullopt, 3)) == Names{"Lab.a", "lab", "lab.a"});
  CHECK(names(index.after("lab.a", 3)) == Names{"lab.b"});
  CHECK(index.after("lab.b", 3).empty());
  index.apply(Remove{{"lab.a"}});
  index.apply(Put{{"lab.aa", "u", {}}});
  CHECK(names(index.after("lab.a", 1)) == Names{"lab.aa"});
  index.apply(Put{{"", "u", {}}});
  CHECK(names(index.after(std::nullopt, 1)) == Names{""});
  CHECK(names(index.after("", 1)) == Names{"Lab.a"});
}

TEST_CASE("after many random changes the index agrees with a plain map") {
  std::mt19937 random(20261120);
  const auto pick = [&random](std::uint32_t count) { return static_cast<int>(random() % count); };
  Index index;
  std::map<std::string, Registration> model;
  for (int step = 0; step < 5000; ++step) {
    const std::string name = "n" + std::to_string(pick(60));
    Tags tags;
    for (int i = pick(4); i > 0; --i) tags.push_back("t" + std::to_string(pick(6)));
    sort_tags(tags);
    if (pick(3) == 0) {
      index.apply(Remove{{name}});
      model.erase(name);
    } else if (pick(2) == 0 && model.contains(name)) {
      index.apply(SetTags{name, tags});
      model[name].tags = tags;
    } else {
      const Registration registration{name, "u" + std::to_string(step), tags};
      index.apply(Put{registration});
      model[name] = registration;
    }
  }
  REQUIRE(index.size() == model.size());
  for (const auto& [name, registration] : model) CHECK(copy_of(index, name) == registration);
  for (int tag = 0; tag < 6; ++tag) {
    const Tags wanted{"t" + std::to_string(tag)};
    Names expected;
    for (const auto& [name, registration] : model) {
      if (std::find(registration.tags.begin(), registration.tags.end(), wanted[0]) != registration.tags.end())
        expected.push_back(name);
    }
    CHECK(with_tags(index, wanted, TagsWanted::all) == expected);
  }
}

}  // namespace hearth::test
