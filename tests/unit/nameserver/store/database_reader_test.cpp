// Reading a database that is somebody else's: every format, in use or not, and without a trace.
#include "nameserver/store/database_reader.h"

#include "tests/support/files.h"
#include "tests/unit/nameserver/store/sqlite_support.h"

namespace hearth {
namespace {

using Registrations = std::vector<Registration>;

struct Read {
  Registrations registrations;
  LeftOut left_out;
};

Read read(const std::string& path) {
  Read read;
  const auto done = read_database(path, [&read](const RegistrationView& entry) {
    read.registrations.push_back(
        {std::string(entry.name), std::string(entry.uri), {entry.tags.begin(), entry.tags.end()}});
  });
  REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text));
  read.left_out = *done;
  return read;
}

std::string trouble_with(const std::string& path) {
  const auto done = read_database(path, [](const RegistrationView&) {});
  REQUIRE_FALSE(done.has_value());
  return done.error().text;
}

TEST_CASE("the database of a Pyro, and what in it is no text") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  run_sql(path, pyro_schema);
  run_sql(path,
          "INSERT INTO pyro_names VALUES(1, 'a', 'PYRO:a@h:1'), (2, CAST(x'ff' AS TEXT), 'u'), (3, 'c', 'PYRO:c@h:1');"
          "INSERT INTO pyro_metadata VALUES(1, 't'), (1, 's'), (1, 't'), (3, x'00'), (9, 'lost')");
  const std::string before = read_file(path);
  CHECK(looks_like_database(path));
  const Read found = read(path);
  CHECK(found.registrations == Registrations{{"a", "PYRO:a@h:1", {"s", "t"}}, {"c", "PYRO:c@h:1", {}}});
  CHECK(found.left_out.names == 1);
  CHECK(found.left_out.tags == 2);
  CHECK(read_directory(directory.path()) == std::map<std::string, std::string>{{"names.db", before}});
}

TEST_CASE("the very old format of a Pyro stays as it is") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  run_sql(path,
          "CREATE TABLE pyro_names (name nvarchar PRIMARY KEY, uri nvarchar);"
          "INSERT INTO pyro_names VALUES('a', 'PYRO:a@h:1'), (NULL, 'x'), ('b', 'PYRO:b@h:1')");
  const std::string before = read_file(path);
  const Read found = read(path);
  CHECK(found.registrations == Registrations{{"a", "PYRO:a@h:1", {}}, {"b", "PYRO:b@h:1", {}}});
  CHECK(found.left_out.names == 1);
  CHECK(read_file(path) == before);
}

TEST_CASE("the database of a hearthd that runs, with what is still in its log") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  const auto engine = open_sqlite(path);
  CHECK(letters(engine->commit(Batch{put("a", "1", {"t"}), put("b", "2")})) == "aa");
  CHECK(read(path).registrations == Registrations{{"a", "1", {"t"}}, {"b", "2", {}}});
  CHECK(letters(engine->commit(Batch{put("c", "3")})) == "a");
  CHECK(read(path).registrations.size() == 3);
}

TEST_CASE("a database on a medium that cannot be written to") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  {
    const auto engine = open_sqlite(path);
    CHECK(letters(engine->commit(Batch{put("a", "1")})) == "a");
  }
  std::filesystem::permissions(path, std::filesystem::perms(0444));
  std::filesystem::permissions(directory.path(), std::filesystem::perms(0555));
  {
    const OrdinaryUser user;
    CHECK(read(path).registrations == Registrations{{"a", "1", {}}});
  }
  std::filesystem::permissions(directory.path(), std::filesystem::perms(0755));
}

TEST_CASE("files that are no name server's") {
  const TempDir directory;
  const std::string path = directory / "f";
  CHECK(trouble_with(path).starts_with(path + " cannot be read: "));
  CHECK_FALSE(looks_like_database(path));
  write_file(path, "SQLite format");
  CHECK_FALSE(looks_like_database(path));
  write_file(path, std::string("SQLite format 3\0", 16) + std::string(5000, 'x'));
  CHECK(looks_like_database(path));
  CHECK(trouble_with(path).starts_with(path + " cannot be read: "));
  const std::string other = directory / "other.db";
  run_sql(other, "CREATE TABLE pyro_name(name)");
  CHECK(trouble_with(other) == other + " cannot be read: it is not the database of a name server");
  const std::string newer = directory / "newer.db";
  { const auto engine = open_sqlite(newer); }
  run_sql(newer, "UPDATE hearth_schema SET version = 1000");
  CHECK(trouble_with(newer) ==
        newer + " cannot be read: it was written by a newer hearthd: use the nsc that came with it");
}

}  // namespace
}  // namespace hearth
