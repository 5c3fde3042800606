#include "protocol/base/source_budget.h"

#include <doctest/doctest.h>

#include <string>

namespace hearth {
namespace {

/// How many of `questions` at this moment are answered.
int answered(SourceBudget& budget, const std::string& source, std::uint64_t now_ms, int questions) {
  int count = 0;
  for (int i = 0; i < questions; ++i) count += budget.spend(source, now_ms) ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("source budget: a burst, and then so many a second") {
  SourceBudget budget({100, 300, 10});
  CHECK(answered(budget, "a", 5000, 1000) == 300);
  CHECK(answered(budget, "a", 5000, 10) == 0);
  CHECK(answered(budget, "a", 5009, 10) == 0);  // nine tenths of an answer
  CHECK(answered(budget, "a", 5010, 10) == 1);
  CHECK(answered(budget, "a", 6010, 1000) == 100);
}

TEST_CASE("source budget: questions that are held back cost nothing, and silence fills it no higher than a burst") {
  SourceBudget budget({1, 3, 10});
  CHECK(answered(budget, "a", 0, 3) == 3);
  for (std::uint64_t now_ms = 1; now_ms < 1000; ++now_ms) REQUIRE_FALSE(budget.spend("a", now_ms));
  CHECK(budget.spend("a", 1000));
  CHECK(answered(budget, "a", 1000000000000, 100) == 3);
}

TEST_CASE("source budget: who is charged more than there is stays in debt until so many seconds have paid for it") {
  SourceBudget budget({10, 20, 10});
  CHECK(budget.charge("a", 20, 0) == 0);
  CHECK(budget.charge("a", 1, 0) == 100);
  CHECK(budget.charge("a", 14, 100) == 1400);
  CHECK_FALSE(budget.spend("a", 1500));
  CHECK(budget.spend("a", 1600));
  CHECK(budget.charge("b", 25, 1600) == 500);
  CHECK(budget.charge("b", ~std::uint64_t{0}, 1600) > 1'000'000);
  CHECK(budget.spend("b", ~std::uint64_t{0}));  // even that is paid for some day
}

TEST_CASE("source budget: each source has its own") {
  SourceBudget budget({1, 2, 10});
  CHECK(answered(budget, "a", 0, 100) == 2);
  CHECK(answered(budget, "b", 0, 100) == 2);
  CHECK(budget.sources() == 2);
}

TEST_CASE("source budget: the source that is silent for longest is forgotten first, a flooding one never") {
  SourceBudget budget({1, 1, 3});
  CHECK(budget.spend("flood", 0));
  for (int i = 0; i < 100; ++i) {
    CHECK(budget.spend("passer-by " + std::to_string(i), 0));
    CHECK_FALSE(budget.spend("flood", 0));
    CHECK(budget.sources() <= 3);
  }
  CHECK(budget.spend("passer-by 0", 0));  // forgotten, so it starts afresh
  CHECK_FALSE(budget.spend("passer-by 99", 0));
}

}  // namespace hearth
