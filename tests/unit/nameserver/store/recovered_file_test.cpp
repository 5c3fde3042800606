// A recovery that is interrupted while the new file takes the place of the old one.
#include "nameserver/store/recovered_file.h"

#include <filesystem>

#include "nameserver/store/recover.h"
#include "tests/support/files.h"
#include "tests/unit/nameserver/store/sqlite_support.h"

namespace hearth {
namespace {

using Registrations = std::vector<Registration>;
namespace fs = std::filesystem;

/// As a kill has left it: one name in the file, another in its log only.
struct KilledFile {
  TempDir directory;
  std::string path = directory / "names.db";
  std::string aside = path + ".damaged-1";

  KilledFile() {
    const TempDir running;
    const auto engine = open_sqlite(running / "names.db");
    CHECK(letters(engine->commit(Batch{put("in the file", "1")})) == "a");
    run_sql(running / "names.db", "PRAGMA wal_checkpoint(TRUNCATE)");
    CHECK(letters(engine->commit(Batch{put("in the log", "1")})) == "a");
    for (const char* suffix : {"", "-wal"}) fs::copy_file(running / ("names.db" + std::string(suffix)), path + suffix);
  }
};

const Registrations both = {{"in the file", "1", {}}, {"in the log", "1", {}}};

TEST_CASE("a file that stands there without its log is given it back, whoever comes next") {
  KilledFile file;
  fs::create_hard_link(file.path, file.aside);
  SUBCASE("interrupted before the log was moved") {}
  SUBCASE("interrupted after it") { fs::rename(file.path + "-wal", file.aside + "-wal"); }
  std::size_t files = 1;
  SUBCASE("a start") {}
  SUBCASE("another recovery") {
    const auto report = recover_database(file.path);
    REQUIRE(report.has_value());
    CHECK(report->registrations == 2);
    CHECK(report->kept_as == file.aside);
    files += 2;  // the old file and its log
  }
  CHECK(sorted_load(*open_sqlite(file.path)) == both);
  CHECK(read_directory(file.directory.path()).size() == files);
}

TEST_CASE("a log that came in between is not replaced") {
  KilledFile file;
  fs::create_hard_link(file.path, file.aside);
  fs::copy_file(file.path + "-wal", file.aside + "-wal");
  const auto before = read_directory(file.directory.path());
  REQUIRE(take_back_half_put(file.path).has_value());
  CHECK(read_directory(file.directory.path()) == before);
}

TEST_CASE("another name of the file that no recovery has made is left alone") {
  KilledFile file;
  fs::create_hard_link(file.path, file.path + ".mine");
  CHECK(sorted_load(*open_sqlite(file.path)) == both);
  CHECK(fs::exists(file.path + ".mine"));
}

}  // namespace
}  // namespace hearth
