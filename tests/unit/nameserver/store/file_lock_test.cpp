#include "nameserver/store/file_lock.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

#include "tests/support/files.h"
#include "tests/support/temp_dir.h"

namespace hearth {
namespace {

TEST_CASE("a second lock on the same file names the process that has the first") {
  const TempDir directory;
  const std::string database = directory / "names.db";
  {
    const auto first = FileLock::acquire(database, "names.db");
    REQUIRE(first.has_value());
    const auto second = FileLock::acquire(database, "names.db");
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().kind == ErrorKind::system);
    CHECK(second.error().text == "names.db is in use by another hearthd (process " + std::to_string(getpid()) +
                                     "): stop it or choose another file with -s");
  }
  CHECK(FileLock::acquire(database, "names.db").has_value());
  CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("a lock file that nobody holds is in nobody's way") {
  const TempDir directory;
  write_file(directory / "names.db.lock", "4711 and a long text of somebody's\n");
  const auto lock = FileLock::acquire(directory / "names.db", "names.db");
  CHECK(lock.has_value());
  CHECK(read_file(directory / "names.db.lock") == std::to_string(getpid()) + "\n");
}

TEST_CASE("a lock moves with its owner") {
  const TempDir directory;
  std::optional<FileLock> kept;
  {
    auto lock = FileLock::acquire(directory / "names.db", "names.db");
    REQUIRE(lock.has_value());
    kept.emplace(std::move(*lock));
  }
  CHECK_FALSE(FileLock::acquire(directory / "names.db", "names.db").has_value());
}

TEST_CASE("a lock file that cannot be made is an error") {
  const TempDir directory;
  const auto lock = FileLock::acquire(directory / "missing/names.db", "names.db");
  REQUIRE_FALSE(lock.has_value());
  CHECK(lock.error().kind == ErrorKind::system);
}

}  // namespace
}  // namespace hearth
