#include "nameserver/registry/index.h"

#include <doctest/doctest.h>

#include <map>
#include <random>

namespace hearth {
namespace {

std::vector<std::string> names(const Index::Matches& matches) {
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

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("names are found exactly and by true prefix, in order") {
  const Index index = filled();
  CHECK(index.size() == 4);
  CHECK(index.find("lab.a")->uri() == "u1");
  CHECK(index.find("LAB.A") == nullptr);
  CHECK(names(index.with_prefix("lab")) == Names{"lab", "lab.a", "lab.b"});
  CHECK(names(index.with_prefix("lab.")) == Names{"lab.a", "lab.b"});
  CHECK(names(index.with_prefix("lab_")).empty());
  CHECK(names(index.with_prefix("%")).empty());
  CHECK(names(index.with_prefix("")) == Names{"Lab.a", "lab", "lab.a", "lab.b"});
}

TEST_CASE("tags are found by all or any of them") {
  const Index index = filled();
  const auto all = [&index](Tags tags) { return names(index.with_all_tags(tags)); };
  const auto any = [&index](Tags tags) { return names(index.with_any_tag(tags)); };
  CHECK(all({"blue"}) == Names{"lab.a", "lab.b"});
  CHECK(all({"blue", "gpu"}) == Names{"lab.b"});
  CHECK(all({"blue", "red"}).empty());
  CHECK(all({"blue", "nope"}).empty());
  CHECK(all({}).size() == 4);
  CHECK(any({"gpu", "red"}) == Names{"Lab.a", "lab.b"});
  CHECK(any({"nope"}).empty());
  CHECK(any({}).empty());
}

TEST_CASE("a replaced registration loses its old tags, a removed one everything") {
  Index index = filled();
  index.apply(Put{{"lab.a", "new", {"red"}}});
  CHECK(index.find("lab.a")->uri() == "new");
  CHECK(names(index.with_all_tags(Tags{"blue"})) == Names{"lab.b"});
  CHECK(names(index.with_all_tags(Tags{"red"})) == Names{"Lab.a", "lab.a"});
  index.apply(SetTags{"lab.a", {"gold"}});
  CHECK(names(index.with_any_tag(Tags{"red", "gold"})) == Names{"Lab.a", "lab.a"});
  index.apply(Remove{{"lab.a", "unknown", "lab"}});
  CHECK(index.size() == 2);
  CHECK(names(index.with_prefix("lab")) == Names{"lab.b"});
  CHECK(names(index.with_any_tag(Tags{"gold"})).empty());
}

TEST_CASE("only a registration that still has its URI is evicted") {
  Index index = filled();
  index.apply(Evict{{{"lab.a", "u1"}, {"lab.b", "u1"}, {"unknown", "u1"}}});
  CHECK(names(index.with_prefix("")) == Names{"Lab.a", "lab", "lab.b"});
  CHECK(names(index.with_all_tags(Tags{"blue"})) == Names{"lab.b"});
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
    CHECK(names(index.with_all_tags(wanted)) == expected);
  }
}

}  // namespace hearth
