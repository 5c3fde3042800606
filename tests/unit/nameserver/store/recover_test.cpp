// A damaged file is not used; what can be read of it is saved, and the rest is told.
#include "nameserver/store/recover.h"

#include <filesystem>
#include <set>

#include "tests/unit/nameserver/store/damaged_file.h"

namespace hearth {
namespace {

using Registrations = std::vector<Registration>;

const std::string name_index = "sqlite_autoindex_pyro_names_1";

/// Recovers, and checks what holds for every recovery: the old file is kept as it was, the new one is whole, and each
/// registration in it is one of those that were stored, with no tag that it did not have.
struct Recovered {
  explicit Recovered(DamagedFile& file) {
    const std::string damaged = read_file(file.path);
    auto done = recover_database(file.path);
    REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text));
    report = std::move(*done);
    CHECK(report.kept_as == file.path + ".damaged-1");
    CHECK(read_file(report.kept_as) == damaged);
    CHECK(read_directory(file.directory.path()).size() == 2);
    saved = sorted_load(*open_sqlite(file.path));
    CHECK(saved.size() == report.registrations);
    std::size_t tags = 0;
    for (const Registration& registration : saved) {
      const auto stored = std::lower_bound(file.all.begin(), file.all.end(), registration,
                                           [](const auto& a, const auto& b) { return a.name < b.name; });
      REQUIRE(stored != file.all.end());
      CHECK(stored->name == registration.name);
      CHECK(stored->uri == registration.uri);
      CHECK(
          std::includes(stored->tags.begin(), stored->tags.end(), registration.tags.begin(), registration.tags.end()));
      tags += registration.tags.size();
    }
    CHECK(tags == report.tags);
  }
  std::vector<std::string> missing(const DamagedFile& file) const {
    std::set<std::string> names;
    for (const Registration& registration : file.all) names.insert(registration.name);
    for (const Registration& registration : saved) names.erase(registration.name);
    return {names.begin(), names.end()};
  }

  RecoveryReport report;
  Registrations saved;
};

TEST_CASE("a damaged file is not used, left as it was, and the way out is named") {
  DamagedFile file;
  SUBCASE("names") { file.overwrite(file.pages("pyro_names", "leaf")[3]); }
  SUBCASE("names, with bytes of something else") { file.overwrite(file.pages("pyro_names", "leaf")[3], 'x'); }
  SUBCASE("tags") { file.overwrite(file.pages("pyro_metadata", "leaf")[3]); }
  SUBCASE("index on the names") { file.overwrite(file.pages(name_index, "leaf")[3]); }
  SUBCASE("index on the tags") { file.overwrite(file.pages("hearth_metadata_object", "leaf")[3]); }
  SUBCASE("root of the names") { file.overwrite(file.pages("pyro_names", "root")[0]); }
  SUBCASE("root of the tags") { file.overwrite(file.pages("pyro_metadata", "root")[0]); }
  SUBCASE("root of an index") { file.overwrite(file.pages(name_index, "root")[0]); }
  SUBCASE("end cut off") { file.cut(40 * DamagedFile::page_bytes); }
  SUBCASE("cut in the middle of a page") { file.cut(40 * DamagedFile::page_bytes + 100); }
  const auto before = read_directory(file.directory.path());
  const std::string why = file.refusal();
  CAPTURE(why);
  CHECK(why.find(file.path + " cannot be used: the file is damaged") == 0);
  CHECK(why.find(": hearthd --recover saves what can still be read of it") != std::string::npos);
  CHECK(read_directory(file.directory.path()) == before);
}

TEST_CASE("a whole file is recovered whole") {
  DamagedFile file;
  Recovered recovered(file);
  CHECK(recovered.saved == file.all);
  CHECK(describe(recovered.report) == file.path + ": saved 3000 registrations and 6000 tags; the old file is kept as " +
                                          file.path + ".damaged-1\nNothing was unreadable.\n");
}

TEST_CASE("what an index holds is not missed") {
  DamagedFile file;
  SUBCASE("a leaf on the names") { file.overwrite(file.pages(name_index, "leaf")[3]); }
  SUBCASE("the root on the names") { file.overwrite(file.pages(name_index, "root")[0]); }
  SUBCASE("a leaf on the tags") { file.overwrite(file.pages("hearth_metadata_object", "leaf")[3]); }
  SUBCASE("the root on the tags") { file.overwrite(file.pages("hearth_metadata_object", "root")[0]); }
  CHECK(Recovered(file).saved == file.all);
}

TEST_CASE("damaged pages of names cost the rows in them, whose names are told") {
  DamagedFile file;
  const auto leaves = file.pages("pyro_names", "leaf");
  REQUIRE(leaves.size() > 20);
  std::size_t damaged = 0;
  for (const std::size_t number : {std::size_t{0}, std::size_t{5}, std::size_t{6}, std::size_t{9}, leaves.size() - 1}) {
    file.overwrite(leaves[number], number % 2 == 0 ? '\0' : 'x');
    ++damaged;
  }
  const Recovered recovered(file);
  const auto missing = recovered.missing(file);
  CHECK(missing.size() > damaged * 30);
  CHECK(missing.size() < damaged * 100);
  auto told = recovered.report.lost_names;
  std::sort(told.begin(), told.end());
  CHECK(told == missing);
  CHECK(recovered.report.tags == recovered.saved.size() * 2);
  CHECK(recovered.report.tags_skipped == missing.size() * 2);
  CHECK(recovered.report.lost_registrations.size() == 4);  // two of the pages are neighbours
  const std::string text = describe(recovered.report);
  CHECK(text.find("Registrations may be missing: rows up to ") != std::string::npos);
  CHECK(text.find("Names that were lost:\n  name") != std::string::npos);
}

TEST_CASE("a damaged page of tags costs no registration") {
  DamagedFile file;
  file.overwrite(file.pages("pyro_metadata", "leaf")[7], 'x');
  const Recovered recovered(file);
  CHECK(recovered.missing(file).empty());
  CHECK(recovered.report.tags < 6000);
  CHECK(recovered.report.tags > 5700);
  REQUIRE(recovered.report.lost_tags.size() == 1);
  const RowidRange lost = recovered.report.lost_tags[0];
  CHECK(lost.last - lost.first + 1 == static_cast<std::int64_t>(6000 - recovered.report.tags));
}

TEST_CASE("a file whose end is gone gives what is left") {
  DamagedFile file;
  const std::size_t bytes = read_file(file.path).size();
  file.cut(bytes / 2 + 100);
  const Recovered recovered(file);
  CHECK(recovered.saved.size() > 500);
  CHECK(recovered.saved.size() < 3000);
}

TEST_CASE("a first page that is of no use is made up for") {
  DamagedFile file;
  SUBCASE("zeros") { file.overwrite(1); }
  SUBCASE("something else") { file.overwrite(1, 'x'); }
  SUBCASE("only the tables' names are gone") {
    std::string bytes = read_file(file.path);
    bytes.replace(100, 3996, 3996, 'x');
    write_file(file.path, bytes);
  }
  CHECK_FALSE(SqliteEngine::open(file.path, {0}).has_value());
  const Recovered recovered(file);
  CHECK(recovered.saved == file.all);
  CHECK(recovered.report.is_layout_assumed);
}

TEST_CASE("what is only in the log is recovered too, and the log is kept with the old file") {
  DamagedFile file;
  const TempDir crashed;
  const std::string path = crashed / "names.db";
  {
    const auto engine = open_sqlite(file.path);
    CHECK(letters(engine->commit(Batch{put("in the log", "1", {"t"}), remove({file.all[0].name})})) == "aa");
    std::filesystem::copy(file.directory.path(), crashed.path());
  }
  std::filesystem::remove(path + ".lock");
  const auto before = read_directory(crashed.path());
  const auto report = recover_database(path);
  REQUIRE(report.has_value());
  CHECK(report->registrations == 3000);
  const auto after = read_directory(crashed.path());
  CHECK(after.at("names.db.damaged-1") == before.at("names.db"));
  CHECK(after.at("names.db.damaged-1-wal") == before.at("names.db-wal"));
  CHECK(after.size() == 3);
  CHECK(sorted_load(*open_sqlite(path))[0] == Registration{"in the log", "1", {"t"}});
}

TEST_CASE("a change that Pyro has not finished is undone in the new file, and its journal does not meet it") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  {
    const TempDir running;
    run_sql(running / "names.db", pyro_schema);
    auto pyro = open_database(running / "names.db");
    REQUIRE(pyro.execute("INSERT INTO pyro_names VALUES(1, 'a', 'whole'); PRAGMA cache_size = 1; BEGIN;"
                         "UPDATE pyro_names SET uri = 'half a change';"
                         "INSERT INTO pyro_metadata VALUES(1, zeroblob(100000))")
                .has_value());
    std::filesystem::copy(running.path(), directory.path());  // as a kill would leave it
  }
  REQUIRE(std::filesystem::file_size(path + "-journal") > 0);
  REQUIRE(read_file(path).find("half a change") != std::string::npos);
  const auto report = recover_database(path);
  REQUIRE_MESSAGE(report.has_value(), (report ? "" : report.error().text));
  CHECK(read_file(path + ".damaged-1").find("half a change") != std::string::npos);
  CHECK(std::filesystem::exists(path + ".damaged-1-journal"));
  CHECK_FALSE(std::filesystem::exists(path + "-journal"));
  CHECK(sorted_load(*open_sqlite(path)) == Registrations{{"a", "whole", {}}});
}

TEST_CASE("an emptied file is recovered from its log") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  {
    const TempDir running;
    const auto engine = open_sqlite(running / "names.db");
    CHECK(letters(engine->commit(Batch{put("in the log", "1", {"t"})})) == "a");
    std::filesystem::copy_file(running / "names.db-wal", path + "-wal");
  }
  write_file(path, "");
  const auto report = recover_database(path);
  REQUIRE_MESSAGE(report.has_value(), (report ? "" : report.error().text));
  CHECK(report->registrations == 1);
  CHECK(sorted_load(*open_sqlite(path)) == Registrations{{"in the log", "1", {"t"}}});
}

TEST_CASE("a log that was cut or is gone takes nothing along but what was in it alone") {
  DamagedFile file;
  const TempDir crashed;
  const std::string path = crashed / "names.db";
  {
    const auto engine = open_sqlite(file.path);
    CHECK(letters(engine->commit(Batch{put("first", "1")})) == "a");
    CHECK(letters(engine->commit(Batch{put("second", "1")})) == "a");
    std::filesystem::copy(file.directory.path(), crashed.path());
  }
  const auto bytes = std::filesystem::file_size(path + "-wal");
  std::size_t expected = 3000;
  SUBCASE("gone") { std::filesystem::remove(path + "-wal"); }
  SUBCASE("cut before the end of the last commit") {
    std::filesystem::resize_file(path + "-wal", bytes - 1);
    expected = 3001;
  }
  SUBCASE("cut to nothing") { std::filesystem::resize_file(path + "-wal", 0); }
  SUBCASE("nothing but a header") { std::filesystem::resize_file(path + "-wal", 32); }
  CHECK(sorted_load(*open_sqlite(path)).size() == expected);
}

TEST_CASE("each recovery keeps its own old file") {
  DamagedFile file;
  REQUIRE(recover_database(file.path).has_value());
  const auto second = recover_database(file.path);
  REQUIRE(second.has_value());
  CHECK(second->kept_as == file.path + ".damaged-2");
  CHECK(sorted_load(*open_sqlite(file.path)) == file.all);
}

TEST_CASE("what cannot be recovered is left as it was") {
  DamagedFile file;
  std::unique_ptr<Engine> other;
  std::string why;
  SUBCASE("in use by another hearthd") {
    other = open_sqlite(file.path);
    why = "is in use by another hearthd";
  }
  SUBCASE("nothing there") {
    std::filesystem::remove(file.path);
    why = "does not exist or is empty: there is nothing to recover";
  }
  SUBCASE("no database at all") {
    write_file(file.path, std::string(10000, 'x'));
    why = "cannot be recovered: ";
  }
  SUBCASE("another program's") {
    std::filesystem::remove(file.path);
    run_sql(file.path, "CREATE TABLE album(title)");
    why = "cannot be recovered: it is the database of another program";
  }
  const auto before = read_directory(file.directory.path());
  const auto done = recover_database(file.path);
  REQUIRE_FALSE(done.has_value());
  CHECK_MESSAGE(done.error().text.find(file.path + " " + why) == 0, done.error().text);
  CHECK(read_directory(file.directory.path()) == before);
}

}  // namespace
}  // namespace hearth
