// Promise 1 of DESIGN.md on a disk that loses what was not synced, and keeps the rest in any order.
#include "tests/unit/nameserver/store/powered_database.h"

namespace hearth {
namespace {

TEST_CASE("whenever the power fails, what was acknowledged is there, and nothing half of the rest") {
  constexpr int power_failures = 600;
  PoweredDatabase database(20240229);
  for (int i = 0; i < power_failures; ++i) {
    CAPTURE(i);
    const auto wrong = database.live();
    REQUIRE_MESSAGE(!wrong, wrong.value_or(""));
  }
  // Else the power failed only where it does no harm.
  const PoweredDatabase::Counts& counts = database.counts();
  CHECK(counts.commits > power_failures);
  CHECK(counts.in_doubt > power_failures / 4);
  CHECK(counts.refused > power_failures / 10);
  CHECK(counts.reopened > power_failures / 10);
  CHECK(counts.moved > power_failures / 30);
  CHECK(counts.foreign_changes > power_failures / 4);
  CHECK(counts.migrated > power_failures / 30);
  CHECK(counts.recovered > power_failures / 30);
}

TEST_CASE("a disk whose syncs do nothing is found out") {
  PoweredDatabase database(20240229);
  SUBCASE("of the log") { database.disk().lies_about = SQLITE_OPEN_WAL; }
  SUBCASE("of the database") { database.disk().lies_about = SQLITE_OPEN_MAIN_DB; }
  SUBCASE("of both, as with PRAGMA synchronous = OFF") {
    database.disk().lies_about = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_DB;
  }
  SUBCASE("of our own copies") { database.disk().lies_about_our_files = true; }
  SUBCASE("of the directory, where we give names") { database.disk().lies_about_our_directories = true; }
  std::optional<std::string> wrong;
  for (int i = 0; i < 600 && !wrong; ++i) wrong = database.live();
  CHECK(wrong.has_value());
}

}  // namespace
}  // namespace hearth
