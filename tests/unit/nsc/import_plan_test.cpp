#include "nsc/import_plan.h"

#include <doctest/doctest.h>

namespace hearth::nsc {
namespace {

using Indices = std::vector<std::size_t>;

NameSource source_of(const NameListing& entries) {
  NameSource source("f");
  for (const NameEntry& entry : entries) source.add(entry, 0);
  source.make_index();
  return source;
}

ImportPlan plan(const NameListing& entries, const NameListing& registered, OnConflict rule) {
  const NameSource source = source_of(entries);
  ImportPlanner planner(source);
  for (const NameEntry& entry : registered) planner.note_registered(entry);
  return planner.plan(rule);
}

std::string prefix_of(const std::vector<std::string>& names) {
  NameListing entries;
  for (const std::string& name : names) entries.push_back({name, "PYRO:o@h:1", {}});
  const NameSource source = source_of(entries);
  return ImportPlanner(source).common_prefix();
}

const NameListing registered{
    {"c", "PYRO:c@h:1", {}}, {"d", "PYRO:d@h:1", {}}, {"x", "PYRO:x@h:1", {}}, {"b", "PYRO:b@h:1", {"s", "t"}}};
const NameListing entries{{"d", "PYRO:d@h:1", {"new"}},
                          {"a", "PYRO:a@h:1", {}},
                          {"b", "PYRO:b@h:1", {"s", "t"}},
                          {"c", "PYRO:c@h:2", {}},
                          {"e", "PYRO:e@h:1", {}}};

}  // namespace

TEST_CASE("an import plan: what is new, what is there already, and what is there otherwise") {
  for (const OnConflict rule : {OnConflict::fail, OnConflict::skip, OnConflict::replace}) {
    const ImportPlan made = plan(entries, registered, rule);
    CHECK(made.unchanged == 1);
    REQUIRE(made.conflicts.size() == 2);
    CHECK(made.conflicts[0].entry == 0);
    CHECK(made.conflicts[0].there == "PYRO:d@h:1");
    CHECK(made.conflicts[1].entry == 3);
    CHECK(made.to_register == (rule == OnConflict::replace ? Indices{0, 1, 3, 4} : Indices{1, 4}));
  }
  CHECK(plan({}, registered, OnConflict::replace).to_register.empty());
  CHECK(plan(entries, {}, OnConflict::fail).to_register == Indices{0, 1, 2, 3, 4});
  CHECK(plan(registered, registered, OnConflict::fail).unchanged == registered.size());
}

TEST_CASE("what names have in common is whole characters") {
  CHECK(prefix_of({}).empty());
  CHECK(prefix_of({"abc"}) == "abc");
  CHECK(prefix_of({"abc", "abd", "ab"}) == "ab");
  CHECK(prefix_of({"abc", ""}).empty());
  CHECK(prefix_of({"x\xE2\x82\xAC", "x\xE2\x82\xAD"}) == "x");
  CHECK(prefix_of({"x\xE2\x82\xAC", "x\xE2\x82\xAC"}) == "x\xE2\x82\xAC");
  CHECK(prefix_of({"x\xE2\x82\xAC", "x\xE2\x82\xAC."}) == "x\xE2\x82\xAC");
}

}  // namespace hearth::nsc
