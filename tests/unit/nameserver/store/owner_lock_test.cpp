#include "nameserver/store/owner_lock.h"

#include <filesystem>

#include "nameserver/store/recover.h"
#include "tests/support/files.h"
#include "tests/unit/nameserver/store/sqlite_support.h"

namespace hearth {
namespace {

TEST_CASE("a second owner is refused until the first has gone") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  write_file(path, "");
  {
    const auto first = OwnerLock::acquire(path);
    REQUIRE(first.has_value());
    const auto second = OwnerLock::acquire(path);
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().kind == ErrorKind::storage);
  }
  CHECK(OwnerLock::acquire(path).has_value());
  CHECK_FALSE(OwnerLock::acquire(directory / "missing").has_value());
}

TEST_CASE("one hearthd to a file, though the lock file does not tell") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  std::string name = path;
  const auto first = open_sqlite(path);
  CHECK(letters(first->commit(Batch{put("a", "1")})) == "a");
  SUBCASE("because the file has another name") {
    std::filesystem::create_directory(directory / "elsewhere");
    name = directory / "elsewhere/other.db";
    std::filesystem::create_hard_link(path, name);
  }
  SUBCASE("because the lock file was removed") { std::filesystem::remove(path + ".lock"); }
  const std::string why =
      "another hearthd has the file open, by another name or without its lock file: "
      "stop that one or choose another file with -s";
  const auto second = SqliteEngine::open(name, {0});
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().text == name + " cannot be used: " + why);
  const auto recovered = recover_database(name);
  REQUIRE_FALSE(recovered.has_value());
  CHECK(recovered.error().text == name + " cannot be recovered: " + why);
  // Nor has it disturbed the first.
  CHECK(letters(first->commit(Batch{put("b", "1")})) == "a");
  CHECK(sorted_load(*first).size() == 2);
}

TEST_CASE("other programs can still read and write the file") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  const auto engine = open_sqlite(path);
  run_sql(path, "INSERT INTO pyro_names(name, uri) VALUES('theirs', 'u')");
  CHECK(letters(engine->commit(Batch{put("ours", "u")})) == "a");
  CHECK(query(path, "name", "FROM pyro_names ORDER BY name") == "ours,theirs");
}

}  // namespace
}  // namespace hearth
