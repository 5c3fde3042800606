// What the disk, the file and other programs can do to a running engine.
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "tests/support/loaded.h"
#include "tests/unit/nameserver/store/sqlite_support.h"

namespace hearth {
namespace {

using Registrations = std::vector<Registration>;

/// As long as it lives, no file may grow beyond so many bytes: writes fail with EFBIG.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    REQUIRE(getrlimit(RLIMIT_FSIZE, &old_) == 0);
    const rlimit limit{bytes, old_.rlim_max};
    REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, old_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit old_{};
  void (*old_handler_)(int);
};

struct OpenFile {
  TempDir directory;
  std::string path = directory / "names.db";
  std::unique_ptr<Engine> engine = open_sqlite(path);

  std::string commit(const Batch& batch) { return letters(engine->commit(batch)); }
  std::string why_not() {
    const auto results = engine->commit(Batch{put("probe", "u")});
    REQUIRE_FALSE(results[0].has_value());
    return results[0].error().text;
  }
};

TEST_CASE("a batch that cannot be written fails whole, and the engine refuses until it has been reopened") {
  OpenFile file;
  CHECK(file.commit({put("kept", "1", {"t"})}) == "a");
  {
    const FileSizeLimit limit(100000);
    CHECK(file.commit({put("kept", "2"), put("a", "1"), put("big", std::string(200000, 'x'))}) == "SSS");
  }
  CHECK(file.why_not() == "the disk reports an error (File too large)");
  REQUIRE(file.engine->reopen().has_value());
  CHECK(sorted_load(*file.engine) == Registrations{{"kept", "1", {"t"}}});
  CHECK(file.commit({put("kept", "3"), put("a", "1")}) == "aa");
  file.engine.reset();
  CHECK(sorted_load(*open_sqlite(file.path)) == Registrations{{"a", "1", {}}, {"kept", "3", {}}});
}

TEST_CASE("a file that another program keeps locked is a storage failure that passes") {
  OpenFile file;
  auto other = open_database(file.path);
  REQUIRE(other.execute("BEGIN IMMEDIATE").has_value());
  CHECK(file.commit({put("a", "1"), put("b", "1")}) == "SS");
  CHECK(file.why_not() == "another program keeps the file locked");
  REQUIRE(other.execute("COMMIT").has_value());
  CHECK(file.commit({put("a", "1")}) == "S");
  REQUIRE(file.engine->reopen().has_value());
  CHECK(file.commit({put("a", "1")}) == "a");
}

TEST_CASE("another program can read while the engine is open, and does not hold it up") {
  OpenFile file;
  CHECK(file.commit({put("a", "1")}) == "a");
  auto other = open_database(file.path);
  REQUIRE(other.execute("BEGIN").has_value());
  CHECK(other.first_text("SELECT group_concat(name) FROM pyro_names").value() == "a");
  CHECK(file.commit({put("b", "1")}) == "a");
  REQUIRE(other.execute("COMMIT").has_value());
  CHECK(other.first_text("SELECT group_concat(name) FROM pyro_names").value() == "a,b");
}

TEST_CASE("a file that has lost its tables cannot be reopened") {
  OpenFile file;
  run_sql(file.path, "DROP TABLE pyro_metadata; DROP TABLE pyro_names");
  CHECK(file.commit({put("a", "1")}) == "S");
  const auto reopened = file.engine->reopen();
  REQUIRE_FALSE(reopened.has_value());
  CHECK(reopened.error().kind == ErrorKind::storage);
  CHECK(reopened.error().text == "the file has lost its tables");
}

TEST_CASE("what the database refuses is undone whole, stops its chain, and is nobody else's failure") {
  TempDir directory;
  const std::string path = directory / "names.db";
  run_sql(path,
          "CREATE TABLE pyro_names(id integer PRIMARY KEY, name nvarchar NOT NULL UNIQUE, uri nvarchar NOT NULL);"
          "CREATE TABLE pyro_metadata(object integer NOT NULL, metadata nvarchar NOT NULL CHECK(metadata != 'veto'))");
  const auto engine = open_sqlite(path);
  CHECK(letters(engine->commit(Batch{put("a", "1", {"t"}), put("b", "1", {"t", "veto"}, 5), put("c", "1", {}, 5),
                                     put("a", "2", {"s", "veto"}), set_tags("a", {"s", "veto"}), put("d", "1")})) ==
        "aEnEEa");
  CHECK(sorted_load(*engine) == Registrations{{"a", "1", {"t"}}, {"d", "1", {}}});
}

}  // namespace
}  // namespace hearth
