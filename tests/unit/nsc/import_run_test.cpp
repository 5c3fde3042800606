// What happens between an import's plan and its end, when others register too, or the server refuses.
#include "nsc/import_run.h"

#include <doctest/doctest.h>

#include "tests/unit/nsc/moving.h"

namespace hearth::nsc {
namespace {

NameSource source_of(const NameListing& entries) {
  NameSource source("f");
  for (std::size_t i = 0; i < entries.size(); ++i) source.add(entries[i], i + 1);
  source.make_index();
  return source;
}

/// With a plan from when the server had nothing.
ImportOutcome run(Moving& moving, const NameListing& entries, OnConflict rule) {
  const NameSource source = source_of(entries);
  ImportOutcome outcome;
  moving.with_name_server([&](NameServerClient& name_server) {
    outcome = run_import(name_server, source, ImportPlanner(source).plan(rule), rule, nullptr);
  });
  return outcome;
}

const NameListing entries{{"a", "PYRO:a@h:1", {}}, {"b", "PYRO:b@h:2", {}}, {"c", "PYRO:c@h:1", {}}};

}  // namespace

TEST_CASE("a name that somebody takes while an import runs ends it") {
  Moving moving;
  CHECK(moving.import({"b PYRO:b@h:1"}).status == ExitStatus::done);
  const ImportOutcome outcome = run(moving, entries, OnConflict::fail);
  CHECK(outcome.trouble == "f:2: b has been taken meanwhile");
  CHECK(outcome.registered == 1);
  CHECK(outcome.unknown == 0);
  CHECK(moving.exported() == Moving::json_lines({"a PYRO:a@h:1", "b PYRO:b@h:1"}));
}

TEST_CASE("names that others take while an import runs are skipped, or replaced") {
  Moving moving;
  CHECK(moving.import({"a PYRO:a@h:9", "b PYRO:b@h:1"}).status == ExitStatus::done);
  const ImportOutcome skipping = run(moving, entries, OnConflict::skip);
  CHECK(skipping.trouble.empty());
  CHECK(skipping.registered == 1);
  CHECK(skipping.taken == 2);
  CHECK(moving.exported() == Moving::json_lines({"a PYRO:a@h:9", "b PYRO:b@h:1", "c PYRO:c@h:1"}));
  const ImportOutcome replacing = run(moving, entries, OnConflict::replace);
  CHECK(replacing.registered == 3);
  CHECK(replacing.taken == 0);
  CHECK(moving.exported() == Moving::json_lines({"a PYRO:a@h:1", "b PYRO:b@h:2", "c PYRO:c@h:1"}));
}

TEST_CASE("a registration that the server refuses ends an import, with its place and the reason") {
  Moving moving;
  const ImportOutcome outcome = run(moving, {entries[0], {"b", "no uri", {}}, entries[2]}, OnConflict::replace);
  CHECK(outcome.registered == 1);
  CHECK(outcome.unknown == 0);
  CHECK(outcome.trouble.starts_with("f:2: b was refused: PyroError: "));
}

TEST_CASE("long texts are spread over many messages, and one that no server takes is refused") {
  Moving moving;
  NameListing large;
  const auto uri = [](std::size_t bytes) { return "PYRO:" + std::string(bytes - 9, 'o') + "@h:1"; };
  for (int i = 0; i < 10; ++i) large.push_back({std::to_string(i), uri(1U << 20U), {}});
  CHECK(run(moving, large, OnConflict::fail).registered == 10);
  const ImportOutcome outcome = run(moving, {{"a", "PYRO:o@h:1", {}}, {"b", uri(17U << 20U), {}}}, OnConflict::fail);
  CHECK(outcome.registered == 1);
  CHECK(outcome.unknown == 1);
  CHECK_FALSE(outcome.trouble.empty());
}

}  // namespace hearth::nsc
