// Files that become shorter under a running engine: it must not go on behind the gap, where the next start would not look.
#include <filesystem>

#include "tests/unit/nameserver/store/sqlite_support.h"

namespace hearth {
namespace {

using Registrations = std::vector<Registration>;
namespace fs = std::filesystem;

struct CutFile {
  TempDir directory;
  std::string path = directory / "names.db";
  std::unique_ptr<Engine> engine = open_sqlite(path);
  Registrations acknowledged;

  CutFile() {
    for (int i = 0; i < 300; ++i) {
      acknowledged.push_back({"name" + std::to_string(1000 + i), "1", {"t" + std::string(100, 't')}});
      if (i % 10 == 9) commit_last(10);
    }
  }

  void commit_last(std::size_t count) {
    Batch batch;
    for (std::size_t i = acknowledged.size() - count; i < acknowledged.size(); ++i) {
      batch.push_back({Put{acknowledged[i], false}, no_chain});
    }
    CHECK(letters(engine->commit(batch)) == std::string(count, 'a'));
  }
  /// By another program.
  void checkpoint(const char* kind) { run_sql(path, ("PRAGMA wal_checkpoint(" + std::string(kind) + ")").c_str()); }
  void cut(const char* suffix, std::uintmax_t part_of) {
    fs::resize_file(path + suffix, part_of == 0 ? 0 : fs::file_size(path + suffix) / part_of);
  }
  std::string why_not() {
    const auto results = engine->commit(Batch{put("refused", "1")});
    REQUIRE_FALSE(results[0].has_value());
    CHECK(results[0].error().kind == ErrorKind::storage);
    return results[0].error().text;
  }
  Registrations load_after_kill() const {
    const TempDir crashed;
    fs::copy(directory.path(), crashed.path());
    return sorted_load(*open_sqlite(crashed / "names.db"));
  }
  /// Without a change having been refused.
  void check_goes_on() {
    acknowledged.push_back({"the next", "1", {}});
    commit_last(1);
    CHECK(load_after_kill() == acknowledged);
    engine.reset();
    CHECK(sorted_load(*open_sqlite(path)) == acknowledged);
  }
};

TEST_CASE("what is missing from a log that was cut is not overwritten, and changes are refused") {
  CutFile file;
  SUBCASE("to nothing") { file.cut("-wal", 0); }
  SUBCASE("to a half") { file.cut("-wal", 2); }
  CHECK(file.why_not() == cut_off_text);
  const auto left = fs::file_size(file.path + "-wal");
  CHECK_FALSE(file.engine->reopen().has_value());
  CHECK(file.why_not() == cut_off_text);
  CHECK(fs::file_size(file.path + "-wal") == left);
  // What is left of it is the state at an earlier commit, and stays that.
  const Registrations earlier = file.load_after_kill();
  CHECK(earlier.size() % 10 == 0);
  CHECK(std::equal(earlier.begin(), earlier.end(), file.acknowledged.begin()));
  file.engine.reset();
  CHECK(sorted_load(*open_sqlite(file.path)) == earlier);
}

TEST_CASE("a log that was cut when it had been brought into the file costs nothing") {
  CutFile file;
  file.checkpoint("PASSIVE");
  SUBCASE("to nothing") { file.cut("-wal", 0); }
  SUBCASE("to a half") { file.cut("-wal", 2); }
  file.check_goes_on();
}

TEST_CASE("a cut log is not accepted as long as a reader keeps it from being emptied") {
  CutFile file;
  auto reader = open_database(file.path);
  REQUIRE(reader.execute("BEGIN").has_value());
  CHECK(reader.first_text("SELECT count(*) || '' FROM pyro_names").value() == "300");
  file.checkpoint("PASSIVE");
  file.cut("-wal", 2);
  CHECK(file.why_not() == "another program keeps the file locked");
  REQUIRE(reader.execute("COMMIT").has_value());
  REQUIRE(file.engine->reopen().has_value());
  file.check_goes_on();
}

TEST_CASE("a log that another program has emptied in good order is no reason to refuse anything") {
  CutFile file;
  file.checkpoint("TRUNCATE");
  CHECK(fs::file_size(file.path + "-wal") == 0);
  file.check_goes_on();
}

TEST_CASE("a file that another program has compacted is no reason to refuse anything") {
  CutFile file;
  std::vector<std::string> names;
  for (const Registration& registration : file.acknowledged) names.push_back(registration.name);
  CHECK(letters(file.engine->commit(Batch{remove(std::move(names))})) == "a");
  file.acknowledged.clear();
  file.checkpoint("TRUNCATE");
  const auto before = fs::file_size(file.path);
  run_sql(file.path, "VACUUM");
  file.checkpoint("TRUNCATE");
  REQUIRE(fs::file_size(file.path) < before);
  file.check_goes_on();
}

TEST_CASE("a file whose pages are all in the log is made whole from it") {
  CutFile file;
  file.cut("", 0);
  file.check_goes_on();
}

TEST_CASE("a file that was cut is damaged, also where the cache does not show it") {
  CutFile file;
  file.checkpoint("TRUNCATE");
  file.cut("", 2);
  const std::string why = file.why_not();
  CHECK_MESSAGE(why.find("the file is damaged") == 0, why);
  CHECK(why.find("hearthd --recover") != std::string::npos);
  CHECK_FALSE(file.engine->reopen().has_value());
  CHECK(file.why_not() == why);
}

TEST_CASE("a file that was emptied is no new one for the next start either") {
  CutFile file;
  file.checkpoint("TRUNCATE");
  file.cut("", 0);
  CHECK(file.why_not() == "the file is not an SQLite database");
  CHECK_FALSE(file.engine->reopen().has_value());
  file.engine.reset();
  const auto next = SqliteEngine::open(file.path, {0});
  REQUIRE_FALSE(next.has_value());
  CHECK(next.error().text.find(file.path + " is empty, but it has a log") == 0);
}

}  // namespace
}  // namespace hearth
