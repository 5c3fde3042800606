// Copies of the file while it is written to: what they need is gone afterwards, and they can be opened anywhere.
#include <sys/stat.h>

#include <filesystem>

#include "nameserver/store/sqlite_copy.h"
#include "tests/support/files.h"
#include "tests/unit/nameserver/store/sqlite_support.h"

namespace hearth {
namespace {

Bytes whole(EngineCopy& copy) {
  while (!copy.progress().is_complete) REQUIRE(copy.advance(4096).has_value());
  return copy.read(0, copy.size_bytes()).value();
}

/// Whether another program could bring everything into the database file.
bool empties_log(const std::string& path) {
  auto db = open_database(path);
  auto checkpoint = db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").value();
  REQUIRE(checkpoint.step().has_value());
  return checkpoint.integer(0) == 0;
}

TEST_CASE("a copy has no name in the directory, from its beginning on") {
  const TempDir directory;
  const auto engine = open_sqlite(directory / "names.db");
  CHECK(letters(engine->commit(Batch{put("a", "1")})) == "a");
  const auto names = read_directory(directory.path()).size();
  const auto copy = engine->begin_copy().value();
  CHECK(read_directory(directory.path()).size() == names);
  CHECK_FALSE(whole(*copy).empty());
  CHECK(read_directory(directory.path()).size() == names);
}

TEST_CASE("what a kill has left of a copy goes at the next start") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  for (const char* suffix : {".copying", ".copying-journal"}) write_file(path + suffix, "half");
  { const auto engine = open_sqlite(path); }
  CHECK(read_directory(directory.path()).size() == 1);
}

TEST_CASE("a copy lies in the way of no checkpoint once it is complete") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  const auto engine = open_sqlite(path);
  CHECK(letters(engine->commit(Batch{put("a", "1")})) == "a");
  const auto copy = engine->begin_copy().value();
  CHECK(letters(engine->commit(Batch{put("b", "1")})) == "a");
  CHECK_FALSE(empties_log(path));
  CHECK_FALSE(whole(*copy).empty());
  CHECK(empties_log(path));
}

TEST_CASE("a copy can be read where nothing can be written") {
  const TempDir directory;
  const TempDir elsewhere;
  const auto engine = open_sqlite(directory / "names.db");
  CHECK(letters(engine->commit(Batch{put("a", "1", {"t"})})) == "a");
  const auto copy = engine->begin_copy().value();
  write_file(elsewhere / "copy.db", whole(*copy));
  REQUIRE(::chmod(elsewhere.path().c_str(), 0555) == 0);
  const OrdinaryUser user;
  auto db = SqliteDb::open_untouched(elsewhere / "copy.db").value();
  CHECK(db.first_text("PRAGMA journal_mode").value() == "delete");
  CHECK(db.first_text("SELECT metadata FROM pyro_metadata").value() == "t");
  CHECK(db.first_text("PRAGMA integrity_check").value() == "ok");
}

TEST_CASE("a copy is refused while the storage has failed, and when the name leads to another file") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  const auto engine = open_sqlite(path);
  CHECK(letters(engine->commit(Batch{put("a", "1")})) == "a");
  std::filesystem::rename(path, directory / "moved.db");
  { const auto other = open_sqlite(directory / "other.db"); }
  std::filesystem::rename(directory / "other.db", path);
  CHECK(engine->begin_copy().error().text == "another file has taken the place of the database");
  CHECK(letters(engine->commit(Batch{put("b", "1")})) == "S");
  CHECK(engine->begin_copy().error().text == "another file has taken the place of the database");
}

TEST_CASE("an error ends a copy, not the engine") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  const auto engine = open_sqlite(path);
  // No file can be made under that name.
  REQUIRE(std::filesystem::create_directory(path + ".copying"));
  CHECK(engine->begin_copy().error().kind == ErrorKind::storage);
  CHECK(letters(engine->commit(Batch{put("a", "1")})) == "a");
  std::filesystem::remove(path + ".copying");
  CHECK(engine->begin_copy().has_value());
}

}  // namespace
}  // namespace hearth
