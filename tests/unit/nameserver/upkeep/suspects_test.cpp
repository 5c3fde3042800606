#include "nameserver/upkeep/suspects.h"

#include <doctest/doctest.h>

#include <optional>

namespace hearth {
namespace {

using For = std::optional<std::uint64_t>;

Suspects twenty_seconds_and_ten_minutes() { return Suspects(Limits{}); }

}  // namespace

TEST_CASE("suspects: missing for the grace, without a sign of life in between") {
  Suspects suspects = twenty_seconds_and_ten_minutes();
  CHECK(suspects.judge("n", "u", Finding::missing, 1000) == For());
  CHECK(suspects.judge("n", "u", Finding::missing, 20999) == For());
  CHECK(suspects.judge("n", "u", Finding::missing, 21000) == For(20000));
  CHECK(suspects.judge("n", "u", Finding::missing, 30000) == For(29000));  // until forget()
  CHECK(suspects.judge("n", "u", Finding::alive, 31000) == For());
  CHECK(suspects.size() == 0);
  CHECK(suspects.judge("n", "u", Finding::missing, 60000) == For());
}

TEST_CASE("suspects: silence counts for itself, and does not shorten the grace") {
  Suspects suspects = twenty_seconds_and_ten_minutes();
  CHECK(suspects.judge("n", "u", Finding::silent, 0) == For());
  CHECK(suspects.judge("n", "u", Finding::silent, 599999) == For());
  CHECK(suspects.judge("n", "u", Finding::silent, 600000) == For(600000));
  CHECK(suspects.judge("m", "u", Finding::silent, 0) == For());
  CHECK(suspects.judge("m", "u", Finding::missing, 100000) == For());
  CHECK(suspects.judge("m", "u", Finding::missing, 120000) == For(120000));
}

TEST_CASE("suspects: one that is silent and missing by turns goes as a silent one does") {
  Suspects suspects = twenty_seconds_and_ten_minutes();
  For removal;
  std::uint64_t now_ms = 0;
  for (int i = 0; !removal; ++i, now_ms += 15000) {
    removal = suspects.judge("n", "u", i % 2 == 0 ? Finding::silent : Finding::missing, now_ms);
  }
  CHECK(removal == For(600000));
}

TEST_CASE("suspects: no silence is too long if the limit is 0, or longer than a grace that is longer") {
  Limits limits;
  limits.autoclean_silence_ms = 0;
  Suspects patient(limits);
  CHECK(patient.judge("n", "u", Finding::silent, 0) == For());
  CHECK(patient.judge("n", "u", Finding::silent, 1000000000) == For());
  limits.autoclean_silence_ms = 1;
  Suspects hasty(limits);
  CHECK(hasty.judge("n", "u", Finding::silent, 0) == For());
  CHECK(hasty.judge("n", "u", Finding::silent, 19999) == For());
  CHECK(hasty.judge("n", "u", Finding::silent, 20000) == For(20000));
}

TEST_CASE("suspects: another URI, a new registration and a removed name start fresh") {
  Suspects suspects = twenty_seconds_and_ten_minutes();
  CHECK(suspects.judge("n", "u", Finding::missing, 0) == For());
  CHECK(suspects.judge("n", "v", Finding::missing, 20000) == For());
  CHECK(suspects.judge("n", "v", Finding::missing, 40000) == For(20000));
  suspects.forget("n");
  CHECK(suspects.judge("n", "v", Finding::missing, 60000) == For());
  suspects.end_round();
  suspects.end_round();  // nobody has judged it
  CHECK(suspects.size() == 0);
}

TEST_CASE("suspects: while nothing may be removed the grace does not run") {
  Suspects suspects = twenty_seconds_and_ten_minutes();
  CHECK(suspects.judge("n", "u", Finding::missing, 0) == For());
  suspects.hold("n", "u", Finding::missing, 19000);
  CHECK(suspects.judge("n", "u", Finding::missing, 38999) == For());
  CHECK(suspects.judge("n", "u", Finding::missing, 39000) == For(20000));
  suspects.hold("n", "u", Finding::alive, 40000);
  CHECK(suspects.size() == 0);
}

}  // namespace hearth
