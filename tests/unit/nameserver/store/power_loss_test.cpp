// Promise 1 of DESIGN.md on a disk that loses what was not synced, and keeps the rest in any order.
#include <functional>
#include <set>

#include "tests/unit/nameserver/store/powered_database.h"

namespace hearth {
namespace {

using Image = VolatileDisk::Image;
using Wrong = std::optional<std::string>;

TEST_CASE("whenever the power fails, what was acknowledged is there, and nothing half of the rest") {
  constexpr int power_failures = 250;
  PoweredDatabase database(20240229);
  for (int i = 0; i < power_failures; ++i) {
    CAPTURE(i);
    const auto wrong = database.live();
    REQUIRE_MESSAGE(!wrong, wrong.value_or(""));
  }
  MESSAGE("checked after ", power_failures, " power failures");
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

/// Something that is rare but goes to many files, and what must hold whenever the power fails meanwhile.
struct Scenario {
  Image image;
  std::function<void(const std::string& path, bool& is_done)> act;
  /// `is_done`: as it was when the power failed.
  std::function<Wrong(const std::string& path, bool is_done)> check;
};

Wrong holds(const std::string& path, const Registrations& expected) {
  auto engine = SqliteEngine::open(path, {0});
  if (!engine) return engine.error().text;
  const Registrations found = sorted_load(**engine);
  return found == expected ? Wrong() : "holds " + std::to_string(found.size()) + " registrations";
}

struct Trial {
  Wrong wrong;
  std::size_t power_failures = 0;  ///< that have left different things on the disk
};

/// Before each of its operations, with many outcomes for what is in the cache then.
Trial try_each_operation(const Scenario& scenario, bool are_names_in_order = true) {
  constexpr std::uint64_t for_ever = ~std::uint64_t{0};
  PowerLossVfs disk;
  disk.lies_about_our_directories = !are_names_in_order;
  std::set<std::pair<Image, bool>> left;
  bool is_done = false;
  {
    const TempDir directory;
    VolatileDisk::Random random(1);
    disk.before_each = [&](const VolatileDisk& now) {
      for (int i = 0; i < 12; ++i) left.insert({now.survivors(random), is_done});
    };
    disk.power_on(directory.path(), scenario.image, for_ever, 1);
    scenario.act(directory / "names.db", is_done);
    disk.before_each = nullptr;
    left.insert({disk.unplug(), is_done});
  }
  for (const auto& [image, was_done] : left) {
    const TempDir directory;
    disk.power_on(directory.path(), image, for_ever, 1);
    auto wrong = scenario.check(directory / "names.db", was_done);
    disk.unplug();
    if (wrong) return {std::move(wrong), left.size()};
  }
  return {std::nullopt, left.size()};
}

/// What file_with_log() holds.
Registrations all_of_it() {
  Registrations all{{"in the file", "1", {"t"}}, {"in the log", "1", {"t"}}};
  for (int i = 140; i < 300; ++i) all.push_back({"other" + std::to_string(i), "1", {}});
  return all;
}

/// As a kill leaves it, with pages enough, and gaps between them, that the old log would do harm to a new file.
Image file_with_log() {
  const TempDir directory;
  const auto engine = open_sqlite(directory / "names.db");
  Batch first;
  for (int i = 100; i < 300; ++i) first.push_back(put("other" + std::to_string(i), "1"));
  first.push_back(put("in the file", "1", {"t"}));
  CHECK(letters(engine->commit(first)) == std::string(first.size(), 'a'));
  run_sql(directory / "names.db", "PRAGMA wal_checkpoint(TRUNCATE)");
  Remove gone;
  for (int i = 100; i < 140; ++i) gone.names.push_back("other" + std::to_string(i));
  CHECK(letters(engine->commit(Batch{put("in the log", "1", {"t"}), {std::move(gone), no_chain}})) == "aa");
  const auto files = read_directory(directory.path());
  return {{{"names.db", files.at("names.db")}, {"names.db-wal", files.at("names.db-wal")}}, {}};
}

Scenario recovery() {
  return {file_with_log(), [](const std::string& path, bool& is_done) { is_done = recover_database(path).has_value(); },
          [](const std::string& path, bool) { return holds(path, all_of_it()); }};
}

Scenario new_file_for_one_that_is_gone() {
  return {file_with_log(),
          [](const std::string& path, bool& is_done) {
            const auto engine = open_sqlite(path);
            REQUIRE(unlink(path.c_str()) == 0);
            CHECK(letters(engine->commit(Batch{put("refused", "1")})) == "S");
            is_done = engine->reopen().has_value();
          },
          [](const std::string& path, bool is_done) {
            auto wrong = holds(path, all_of_it());
            if (!wrong || is_done) return wrong;
            // Until then it is gone, if that has reached the disk, but there is nothing that would be taken for it.
            const bool is_gone = access(path.c_str(), F_OK) != 0 || *wrong == "holds 0 registrations";
            return is_gone ? Wrong() : wrong;
          }};
}

Scenario migration_of_an_earlier_hearthd() {
  const TempDir directory;
  const std::string file = directory / "names.db";
  { CHECK(letters(open_sqlite(file)->commit(Batch{put("old", "1", {"t"})})) == "a"); }
  run_sql(file, "DROP TABLE hearth_owners; UPDATE hearth_schema SET version = 1");
  return {{read_directory(directory.path()), {}},
          [](const std::string& path, bool& is_done) { is_done = SqliteEngine::open(path, {0}).has_value(); },
          [](const std::string& path, bool) {
            if (auto wrong = holds(path, {{"old", "1", {"t"}}}); wrong) return wrong;
            const std::string copied = query(path + ".before-migration-1", "version", "FROM hearth_schema");
            return copied == "1" ? Wrong() : "no copy from before the migration";
          }};
}

Scenario migration() {
  const TempDir directory;
  run_sql(
      directory / "names.db",
      "CREATE TABLE pyro_names(name nvarchar PRIMARY KEY, uri nvarchar); INSERT INTO pyro_names VALUES('old', '1')");
  return {{read_directory(directory.path()), {}},
          [](const std::string& path, bool& is_done) { is_done = SqliteEngine::open(path, {0}).has_value(); },
          [](const std::string& path, bool) {
            if (auto wrong = holds(path, {{"old", "1", {}}}); wrong) return wrong;
            const std::string copied = query(path + ".before-migration-1", "name || uri", "FROM pyro_names");
            return copied == "old1" ? Wrong() : "no copy from before the migration";
          }};
}

void check(const Trial& trial) {
  CHECK_MESSAGE(!trial.wrong, trial.wrong.value_or(""));
  CHECK(trial.power_failures > 100);
  MESSAGE("checked after ", trial.power_failures, " power failures");
}

TEST_CASE("whenever the power fails in a recovery, the old file is there or the new one") {
  check(try_each_operation(recovery()));
}

TEST_CASE("whenever the power fails while a lost file is written anew, nothing half of it is taken for it") {
  check(try_each_operation(new_file_for_one_that_is_gone()));
}

TEST_CASE("whenever the power fails in a migration, all is there, and the copy of what was") {
  check(try_each_operation(migration()));
  check(try_each_operation(migration_of_an_earlier_hearthd()));
}

// The tests above can fail.

TEST_CASE("a disk whose syncs do nothing is found out") {
  PoweredDatabase database(20240229);
  SUBCASE("of the log") { database.disk().lies_about = SQLITE_OPEN_WAL; }
  SUBCASE("of the database") { database.disk().lies_about = SQLITE_OPEN_MAIN_DB; }
  SUBCASE("of both, as with PRAGMA synchronous = OFF") {
    database.disk().lies_about = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_DB;
  }
  Wrong wrong;
  for (int i = 0; i < 300 && !wrong; ++i) wrong = database.live();
  CHECK(wrong.has_value());
}

TEST_CASE("a disk that does not keep the order of what happens to names is found out") {
  CHECK(try_each_operation(recovery(), false).wrong.has_value());
  CHECK(try_each_operation(new_file_for_one_that_is_gone(), false).wrong.has_value());
}

}  // namespace
}  // namespace hearth
