// The file: what others wrote into it is read, and what is written into it others can read.
#include <filesystem>

#include "tests/contract/engine_owner_contract.h"
#include "tests/support/files.h"
#include "tests/unit/nameserver/store/sqlite_support.h"

namespace hearth {
namespace {

using Registrations = std::vector<Registration>;

TEST_CASE("a file of Pyro's opens with everything in it") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  run_sql(path, pyro_schema);
  run_sql(path,
          "INSERT INTO pyro_names VALUES(7, 'b', 'PYRO:b@h:1'), (3, 'a', 'PYRO:a@h:1'), (9, 'c', 'PYRO:c@h:1');"
          "INSERT INTO pyro_metadata VALUES(9, 'z'), (3, 'y'), (9, 'a'), (3, 'x'), (9, 'z'), (9, 'm')");
  const auto engine = open_sqlite(path);
  CHECK(sorted_load(*engine) ==
        Registrations{{"a", "PYRO:a@h:1", {"x", "y"}}, {"b", "PYRO:b@h:1", {}}, {"c", "PYRO:c@h:1", {"a", "m", "z"}}});
}

TEST_CASE("the tables are those that Pyro creates, with tables of our own beside them") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  const std::string pyros = directory / "pyro.db";
  run_sql(pyros, pyro_schema);
  { const auto engine = open_sqlite(path); }
  for (const std::string table : {"pyro_names", "pyro_metadata"}) {
    const std::string columns = "name || ' ' || type || ' ' || \"notnull\" || ' ' || pk";
    const std::string from = "FROM pragma_table_info('" + table + "') ORDER BY cid";
    CHECK(query(path, columns, from) == query(pyros, columns, from));
  }
  CHECK(query(path, "name", "FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name") ==
        "hearth_changes,hearth_metadata_object,hearth_noted_name_delete,hearth_noted_name_insert,"
        "hearth_noted_name_update,hearth_noted_tag_delete,hearth_noted_tag_insert,hearth_noted_tag_update,"
        "hearth_owners,hearth_schema,pyro_metadata,pyro_names");
  CHECK(query(path, "version", "FROM hearth_schema") == "2");
}

TEST_CASE("a file of the very old format keeps its names") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  run_sql(path,
          "CREATE TABLE pyro_names (name nvarchar PRIMARY KEY, uri nvarchar);"
          "INSERT INTO pyro_names VALUES('a', 'PYRO:a@h:1'), ('b', 'PYRO:b@h:1'), (NULL, 'x'), ('y', NULL)");
  {
    const auto engine = open_sqlite(path);
    CHECK(sorted_load(*engine) == Registrations{{"a", "PYRO:a@h:1", {}}, {"b", "PYRO:b@h:1", {}}});
    CHECK(letters(engine->commit(Batch{set_tags("a", {"t"})})) == "a");
  }
  CHECK(sorted_load(*open_sqlite(path))[0].tags == Tags{"t"});
  CHECK(query(path, "name", "FROM sqlite_master WHERE type = 'table' ORDER BY name") ==
        "hearth_changes,hearth_owners,hearth_schema,pyro_metadata,pyro_names");
  // As it was, for whoever wants to go back.
  CHECK(query(path + ".before-migration-1", "name", "FROM pyro_names WHERE name IS NOT NULL") == "a,b,y");
  CHECK(query(path + ".before-migration-1", "name", "FROM sqlite_master WHERE type = 'table'") == "pyro_names");
}

TEST_CASE("a file of an earlier hearthd, which knew no owners, is brought up, and kept as it was") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  { CHECK(letters(open_sqlite(path)->commit(Batch{put("a", "1", {"t"})})) == "a"); }
  run_sql(path, "DROP TABLE hearth_owners; UPDATE hearth_schema SET version = 1");
  run_sql(path, "UPDATE pyro_names SET uri = '2'");
  {
    const auto engine = open_sqlite(path);
    CHECK(sorted_load(*engine) == Registrations{{"a", "2", {"t"}}});
    CHECK(loaded_owners(*engine).value() == "");
    CHECK(letters(engine->commit(Batch{put_by(strict({"alice"}), "b")})) == "a");
  }
  CHECK(loaded_owners(*open_sqlite(path)).value() == "b=alice ");
  CHECK(query(path, "version", "FROM hearth_schema") == "2");
  const std::string kept = path + ".before-migration-1";
  CHECK(query(kept, "version", "FROM hearth_schema") == "1");
  CHECK(query(kept, "name || uri", "FROM pyro_names") == "a2");
  CHECK(query(kept, "name", "FROM sqlite_master WHERE name = 'hearth_owners'") == "");
  CHECK(read_directory(directory.path()).count("names.db.before-migration-2") == 0);
}

TEST_CASE("replacing a registration keeps its row") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  {
    const auto engine = open_sqlite(path);
    CHECK(letters(engine->commit(Batch{put("a", "1", {"s", "t"}), put("b", "1")})) == "aa");
    CHECK(letters(engine->commit(Batch{put("a", "2", {"u"})})) == "a");
  }
  CHECK(query(path, "id || name || uri", "FROM pyro_names ORDER BY id") == "1a2,2b1");
  CHECK(query(path, "object || metadata", "FROM pyro_metadata") == "1u");
}

TEST_CASE("what no client could be told is left out, and left where it is") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  run_sql(path,
          "CREATE TABLE pyro_names(id integer PRIMARY KEY, name nvarchar UNIQUE, uri nvarchar);"
          "CREATE TABLE pyro_metadata(object integer, metadata nvarchar);"
          "INSERT INTO pyro_names VALUES(1, NULL, 'u'), (2, 'no uri', NULL), (3, x'61', 'blob'),"
          "  (4, CAST(x'ff41' AS text), 'u'), (5, 'bad uri', CAST(x'eda080' AS text)), (6, 'good', 'u'), (7, 12, 'u');"
          "INSERT INTO pyro_metadata VALUES(6, NULL), (6, x'61'), (6, CAST(x'c0' AS text)), (6, 'good'),"
          "  (NULL, 'x'), (1, 'x'), (8, 'of nobody'), ('text', 'x')");
  {
    const auto engine = open_sqlite(path);
    CHECK(sorted_load(*engine) == Registrations{{"12", "u", {}}, {"good", "u", {"good"}}});
    // The next row gets id 8, and must not inherit that id's leftover tag.
    CHECK(letters(engine->commit(Batch{put("new", "u", {"own"})})) == "a");
  }
  CHECK(sorted_load(*open_sqlite(path)) ==
        Registrations{{"12", "u", {}}, {"good", "u", {"good"}}, {"new", "u", {"own"}}});
  CHECK(query(path, "count(*) || ''", "FROM pyro_names") == "8");
}

TEST_CASE("after a clean close the file alone is complete") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  {
    const auto engine = open_sqlite(path);
    CHECK(letters(engine->commit(Batch{put("a", "1", {"t"})})) == "a");
  }
  CHECK(read_directory(directory.path()).size() == 1);
  std::filesystem::copy_file(path, directory / "copy.db");
  CHECK(sorted_load(*open_sqlite(directory / "copy.db")) == Registrations{{"a", "1", {"t"}}});
}

TEST_CASE("after a clean close the file alone is complete, though another program has it open") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  auto engine = open_sqlite(path);
  CHECK(letters(engine->commit(Batch{put("a", "1", {"t"})})) == "a");
  auto other = open_database(path);
  CHECK(other.first_text("SELECT name FROM pyro_names").value() == "a");
  engine.reset();
  std::filesystem::copy_file(path, directory / "copy.db");
  CHECK(sorted_load(*open_sqlite(directory / "copy.db")) == Registrations{{"a", "1", {"t"}}});
}

TEST_CASE("the size is that of the database and its log") {
  const TempDir directory;
  const std::string path = directory / "names.db";
  const auto engine = open_sqlite(path);
  const auto size_of_files = [&path] {
    return std::filesystem::file_size(path) + std::filesystem::file_size(path + "-wal");
  };
  const std::uint64_t at_first = engine->size_bytes();
  CHECK(at_first == size_of_files());
  CHECK(letters(engine->commit(Batch{put("a", std::string(100000, 'u'))})) == "a");
  CHECK(engine->size_bytes() == size_of_files());
  CHECK(engine->size_bytes() > at_first + 100000);
}

TEST_CASE("what was acknowledged is there without a close") {
  const TempDir directory;
  const TempDir crashed;
  const auto engine = open_sqlite(directory / "names.db");
  CHECK(letters(engine->commit(Batch{put("a", "1", {"t"}), put("b", "1")})) == "aa");
  CHECK(letters(engine->commit(Batch{remove({"b"})})) == "a");
  std::filesystem::copy(directory.path(), crashed.path());  // what a kill would leave, a stale lock file included
  CHECK(std::filesystem::exists(crashed / "names.db.lock"));
  CHECK(sorted_load(*open_sqlite(crashed / "names.db")) == Registrations{{"a", "1", {"t"}}});
}

TEST_CASE("any name of a file will do") {
  const TempDir directory;
  const std::string path = directory / "100%25 of? #it 'all'\"\xC3\xA9 ";
  { CHECK(letters(open_sqlite(path)->commit(Batch{put("a", "1")})) == "a"); }
  CHECK(sorted_load(*open_sqlite(path)) == Registrations{{"a", "1", {}}});
  CHECK(read_directory(directory.path()).size() == 1);
}

TEST_CASE("an empty file is a new database") {
  const TempDir directory;
  write_file(directory / "names.db", "");
  CHECK(sorted_load(*open_sqlite(directory / "names.db")).empty());
}

}  // namespace
}  // namespace hearth
