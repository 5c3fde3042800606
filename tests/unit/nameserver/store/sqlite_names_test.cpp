// What becomes of registrations when the names of the files lead elsewhere while the engine has them open.
#include <filesystem>

#include "nameserver/store/engine.h"
#include "tests/support/files.h"
#include "tests/unit/nameserver/store/sqlite_support.h"

namespace hearth {
namespace {

using Registrations = std::vector<Registration>;
namespace fs = std::filesystem;

const Registrations acknowledged = {{"a", "1", {"t"}}, {"b", "1", {}}};

struct OpenFile {
  TempDir directory;
  std::string home = directory / "state";
  std::string path = home + "/names.db";
  std::unique_ptr<Engine> engine;

  OpenFile() {
    fs::create_directory(home);
    engine = open_sqlite(path);
    CHECK(commit({put("a", "1", {"t"}), put("b", "1")}) == "aa");
  }

  std::string commit(const Batch& batch) { return letters(engine->commit(batch)); }
  std::string why_not() {
    const auto results = engine->commit(Batch{put("refused", "1")});
    REQUIRE_FALSE(results[0].has_value());
    CHECK(results[0].error().kind == ErrorKind::storage);
    return results[0].error().text;
  }
  std::string why_not_reopened() {
    const auto reopened = engine->reopen();
    REQUIRE_FALSE(reopened.has_value());
    CHECK(why_not() == reopened.error().text);
    return reopened.error().text;
  }
  Registrations load_after_kill() const {
    const TempDir crashed;
    fs::copy(home, crashed.path());
    return sorted_load(*open_sqlite(crashed / "names.db"));
  }
  /// Goes on where the last acknowledged commit has left it.
  void check_works() {
    const auto reopened = engine->reopen();
    REQUIRE_MESSAGE(reopened.has_value(), (reopened ? "" : reopened.error().text));
    CHECK(sorted_load(*engine) == acknowledged);
    CHECK(load_after_kill() == acknowledged);
    CHECK(commit({put_if_absent("a", "2"), put("c", "1")}) == "ta");
    Registrations all = acknowledged;
    all.push_back({"c", "1", {}});
    CHECK(load_after_kill() == all);
    engine.reset();
    CHECK(sorted_load(*open_sqlite(path)) == all);
  }
};

TEST_CASE("a file that is gone is noticed, refused once, and written anew with everything") {
  OpenFile file;
  const std::string aside = file.directory / "aside.db";
  SUBCASE("removed") { fs::remove(file.path); }
  SUBCASE("removed with its log") {
    for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(file.path + suffix);
  }
  SUBCASE("moved away") { fs::rename(file.path, aside); }
  CHECK(file.why_not() == "the file cannot be reached (No such file or directory)");
  file.check_works();
  if (fs::exists(aside)) CHECK(sorted_load(*open_sqlite(aside)) == acknowledged);
}

TEST_CASE("a log that is gone is noticed, and what was in it is brought into the file") {
  OpenFile file;
  SUBCASE("removed") { fs::remove(file.path + "-wal"); }
  SUBCASE("replaced") {
    write_file(file.home + "/other", "");
    fs::rename(file.home + "/other", file.path + "-wal");
  }
  SUBCASE("its index") { fs::remove(file.path + "-shm"); }
  SUBCASE("both") {
    fs::remove(file.path + "-wal");
    fs::remove(file.path + "-shm");
  }
  CHECK(file.why_not() == "the log of the database has been removed or replaced");
  file.check_works();
}

TEST_CASE("a file that came back is used again") {
  OpenFile file;
  fs::rename(file.path, file.directory / "aside.db");
  CHECK(file.why_not() == "the file cannot be reached (No such file or directory)");
  fs::rename(file.directory / "aside.db", file.path);
  file.check_works();
}

TEST_CASE("a directory that is gone is waited for, with the lock in it") {
  OpenFile file;
  fs::remove_all(file.home);
  CHECK(file.why_not() == "the file cannot be reached (No such file or directory)");
  CHECK(file.why_not_reopened() == "the directory of the file cannot be written (No such file or directory)");
  fs::create_directory(file.home);
  REQUIRE(file.engine->reopen().has_value());
  const auto second = SqliteEngine::open(file.path, {0});
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().text.find("is in use by another hearthd") != std::string::npos);
  file.check_works();
}

TEST_CASE("a hearthd that came between has the file") {
  OpenFile file;
  fs::remove_all(file.home);
  fs::create_directory(file.home);
  const auto second = open_sqlite(file.path);
  CHECK(file.why_not() == "another file has taken the place of the database");
  CHECK(file.why_not_reopened().find("is in use by another hearthd") != std::string::npos);
  file.engine.reset();
  CHECK(sorted_load(*second).empty());
  CHECK(fs::exists(file.path + ".lock"));
}

TEST_CASE("another file in the place is not touched, and what was acknowledged is kept beside it") {
  OpenFile file;
  run_sql(file.directory / "new.db", pyro_schema);
  run_sql(file.directory / "new.db", "INSERT INTO pyro_names VALUES(1, 'other', 'u')");
  const std::string other = read_file(file.directory / "new.db");
  fs::rename(file.directory / "new.db", file.path);
  CHECK(file.why_not() == "another file has taken the place of the database");
  const std::string why = "another file has taken the place of the database: remove it, or restart hearthd to use it";
  CHECK(file.why_not_reopened() == why);
  CHECK(file.why_not_reopened() == why);
  CHECK(read_file(file.path) == other);
  CHECK(fs::file_size(file.path + "-wal") == 0);
  CHECK(sorted_load(*open_sqlite(file.path + ".acknowledged-1")) == acknowledged);
  CHECK_FALSE(fs::exists(file.path + ".acknowledged-2"));

  SUBCASE("until it is gone") {
    fs::remove(file.path);
    file.check_works();
  }
  SUBCASE("until it is what was acknowledged") {
    fs::rename(file.path + ".acknowledged-1", file.path);
    file.check_works();
  }
  SUBCASE("until the next start, which uses it") {
    file.engine.reset();
    CHECK(sorted_load(*open_sqlite(file.path)) == Registrations{{"other", "u", {}}});
  }
}

TEST_CASE("a stop keeps what was acknowledged into a file that has lost its name since") {
  OpenFile file;
  fs::remove(file.path);
  SUBCASE("in its place") {
    file.engine.reset();
    CHECK(sorted_load(*open_sqlite(file.path)) == acknowledged);
  }
  SUBCASE("beside the one that has the place") {
    write_file(file.path, "something else");
    file.engine.reset();
    CHECK(read_file(file.path) == "something else");
    CHECK(sorted_load(*open_sqlite(file.path + ".acknowledged-1")) == acknowledged);
  }
}

}  // namespace
}  // namespace hearth
