// What is acknowledged is synced; what could not be synced never comes back.
#include <filesystem>

#include "tests/support/faulty_vfs.h"
#include "tests/support/loaded.h"
#include "tests/unit/nameserver/store/sqlite_support.h"

namespace hearth {
namespace {

using Registrations = std::vector<Registration>;

/// A database with one acknowledged name, on a disk that can fail.
struct FaultyFile {
  FaultyVfs disk;
  TempDir directory;
  std::string path = directory / "names.db";
  std::unique_ptr<Engine> engine = open_sqlite(path);

  FaultyFile() { CHECK(commit({put("kept", "1", {"t"})}) == "a"); }

  std::string commit(const Batch& batch) { return letters(engine->commit(batch)); }
  void fail_a_commit() {
    disk.wal_syncs_fail = true;
    CHECK(commit({put("kept", "2"), put("ghost", std::string(20000, 'g'), {"t"}), remove({"kept"})}) == "SSS");
  }
  /// What a start would find if the process had just been killed.
  Registrations load_after_kill() {
    const TempDir crashed;
    std::filesystem::copy(directory.path(), crashed.path());
    return sorted_load(*open_sqlite(crashed / "names.db"));
  }
  std::uintmax_t log_bytes() { return std::filesystem::file_size(path + "-wal"); }
};

const Registrations only_kept = {{"kept", "1", {"t"}}};

TEST_CASE("every acknowledged commit was synced after its last byte was written") {
  FaultyFile file;
  CHECK(file.disk.unsynced_wal_writes == 0);
  for (int i = 0; i < 5; ++i) {
    const int before = file.disk.wal_syncs;
    CHECK(file.commit({put("a" + std::to_string(i), std::string(10000, 'x')), set_tags("kept", {})}) == "aa");
    CHECK(file.disk.wal_syncs > before);
    CHECK(file.disk.unsynced_wal_writes == 0);
  }
}

TEST_CASE("a commit that could not be synced is gone once the engine has been reopened") {
  FaultyFile file;
  SUBCASE("others are in the log with it") {}
  SUBCASE("it is alone in the log") { run_sql(file.path, "PRAGMA wal_checkpoint(TRUNCATE)"); }
  file.fail_a_commit();
  CHECK(file.commit({put("second ghost", "1")}) == "S");
  CHECK_FALSE(file.engine->reopen().has_value());
  CHECK_FALSE(file.engine->reopen().has_value());
  CHECK_FALSE(loaded(*file.engine).has_value());
  CHECK(file.commit({put("third ghost", "1")}) == "S");

  file.disk.wal_syncs_fail = false;
  CHECK(file.commit({put("fourth ghost", "1")}) == "S");
  REQUIRE(file.engine->reopen().has_value());
  CHECK(file.log_bytes() == 0);
  CHECK(sorted_load(*file.engine) == only_kept);
  CHECK(file.commit({put_if_absent("ghost", "2"), put("new", "1")}) == "aa");
  const Registrations all = {{"ghost", "2", {}}, {"kept", "1", {"t"}}, {"new", "1", {}}};
  CHECK(file.load_after_kill() == all);
  file.engine.reset();
  CHECK(sorted_load(*open_sqlite(file.path)) == all);
}

TEST_CASE("a commit that could not be synced is not found after a kill or a stop either") {
  FaultyFile file;
  file.fail_a_commit();
  CHECK(file.load_after_kill() == only_kept);
  CHECK_FALSE(file.engine->reopen().has_value());
  CHECK(file.load_after_kill() == only_kept);
  SUBCASE("stopped while syncs fail") {}
  SUBCASE("stopped when they work again") { file.disk.wal_syncs_fail = false; }
  file.engine.reset();
  file.disk.wal_syncs_fail = false;
  CHECK(sorted_load(*open_sqlite(file.path)) == only_kept);
}

TEST_CASE("the log is not given up before the database file has been synced") {
  FaultyFile file;
  file.fail_a_commit();
  file.disk.wal_syncs_fail = false;
  file.disk.database_syncs_fail = true;
  CHECK_FALSE(file.engine->reopen().has_value());
  CHECK(file.log_bytes() > 0);
  CHECK(file.commit({put("b", "1")}) == "S");
  file.disk.database_syncs_fail = false;
  REQUIRE(file.engine->reopen().has_value());
  CHECK(sorted_load(*file.engine) == only_kept);
}

TEST_CASE("a database file that cannot be synced costs no acknowledged commit") {
  FaultyFile file;
  file.disk.database_syncs_fail = true;
  CHECK(file.commit({put("big", std::string(6000000, 'x'))}) == "a");  // beyond the size at which SQLite moves the log
  CHECK(file.commit({remove({"big"})}) == "a");
  CHECK(file.load_after_kill() == only_kept);
  file.engine.reset();
  file.disk.database_syncs_fail = false;
  CHECK(sorted_load(*open_sqlite(file.path)) == only_kept);
}

TEST_CASE("a reader in the way does not put recovery off") {
  FaultyFile file;
  auto reader = open_database(file.path);
  REQUIRE(reader.execute("BEGIN").has_value());
  CHECK(reader.first_text("SELECT name FROM pyro_names").value() == "kept");
  file.fail_a_commit();
  file.disk.wal_syncs_fail = false;
  REQUIRE(file.engine->reopen().has_value());
  CHECK(file.log_bytes() > 0);
  CHECK(file.load_after_kill() == only_kept);
  CHECK(sorted_load(*file.engine) == only_kept);
  CHECK(file.commit({put("b", "1")}) == "a");
  CHECK(reader.first_text("SELECT group_concat(name) FROM pyro_names").value() == "kept");
  const Registrations all = {{"b", "1", {}}, {"kept", "1", {"t"}}};
  CHECK(file.load_after_kill() == all);
  REQUIRE(reader.execute("COMMIT").has_value());
  CHECK(file.commit({remove({"b"})}) == "a");
  CHECK(file.load_after_kill() == only_kept);
}

TEST_CASE("a reader in the way puts off the recovery of a log that has lost its name") {
  FaultyFile file;
  auto reader = open_database(file.path);
  REQUIRE(reader.execute("BEGIN").has_value());
  CHECK(reader.first_text("SELECT name FROM pyro_names").value() == "kept");
  CHECK(file.commit({put("b", "1")}) == "a");
  std::filesystem::remove(file.path + "-wal");
  CHECK(file.commit({put("c", "1")}) == "S");
  const auto reopened = file.engine->reopen();
  REQUIRE_FALSE(reopened.has_value());
  CHECK(reopened.error().text == "another program keeps the file locked");
  REQUIRE(reader.execute("COMMIT").has_value());
  REQUIRE(file.engine->reopen().has_value());
  CHECK(file.load_after_kill() == Registrations{{"b", "1", {}}, {"kept", "1", {"t"}}});
}

TEST_CASE("a refused commit is not in the file that takes the place of one that is gone") {
  FaultyFile file;
  file.fail_a_commit();
  file.disk.wal_syncs_fail = false;
  const std::string aside = file.directory / "aside.db";
  SUBCASE("moved away") { std::filesystem::rename(file.path, aside); }
  SUBCASE("removed") { std::filesystem::remove(file.path); }
  SUBCASE("moved away and back") {
    std::filesystem::rename(file.path, aside);
    std::filesystem::rename(aside, file.path);
  }
  REQUIRE(file.engine->reopen().has_value());
  CHECK(sorted_load(*file.engine) == only_kept);
  CHECK(file.load_after_kill() == only_kept);
  file.engine.reset();
  if (std::filesystem::exists(aside)) CHECK(sorted_load(*open_sqlite(aside)) == only_kept);
}

TEST_CASE("a refused commit is not in the file that a stop leaves when the old one is gone") {
  FaultyFile file;
  file.fail_a_commit();
  file.disk.wal_syncs_fail = false;
  std::filesystem::remove(file.path);
  file.engine.reset();
  CHECK(sorted_load(*open_sqlite(file.path)) == only_kept);
}

}  // namespace
}  // namespace hearth
