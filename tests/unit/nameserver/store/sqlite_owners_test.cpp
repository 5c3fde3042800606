// Owners in the file: what other programs, the triggers' absence and hands in the tables make of them.
#include "nameserver/store/sqlite_owners.h"

#include "nameserver/store/recover.h"
#include "tests/contract/engine_owner_contract.h"
#include "tests/support/files.h"
#include "tests/unit/nameserver/store/sqlite_support.h"

namespace hearth {
namespace {

/// "a" and "c" are alice's, "b" is bob's, "d" nobody's; nobody runs.
struct OwnedFile {
  TempDir directory;
  std::string path = directory / "names.db";

  OwnedFile() {
    const auto engine = open_sqlite(path);
    CHECK(letters(engine->commit(Batch{put_by(strict({"alice"}), "a"), put_by(strict({"bob"}), "b"),
                                       put_by(strict({"alice"}), "c"), put("d", "u")})) == "aaaa");
  }
  std::string owners() const { return loaded_owners(*open_sqlite(path)).value(); }
};

}  // namespace

TEST_CASE("owners: a table of our own, which refers to none of the Pyros'") {
  const OwnedFile file;
  CHECK(query(file.path, "object || ' ' || name || ' ' || owner", "FROM hearth_owners ORDER BY object") ==
        "1 a alice,2 b bob,3 c alice");
  CHECK(query(file.path, "\"table\"", "FROM pragma_foreign_key_list('hearth_owners')") == "");
  CHECK(query(file.path, "name", "FROM pragma_table_info('pyro_names') ORDER BY cid") == "id,name,uri");
}

TEST_CASE("owners: a registration that another program has made anew is nobody's, though it looks the same") {
  const OwnedFile file;
  const char* sql = "";
  std::string expected = "a=alice b=bob ";
  SUBCASE("in the same row") {
    sql = "DELETE FROM pyro_names WHERE name = 'c'; INSERT INTO pyro_names(id, name, uri) VALUES(3, 'c', 'u')";
  }
  SUBCASE("in another row") {
    sql = "DELETE FROM pyro_names WHERE name = 'c'; INSERT INTO pyro_names(name, uri) VALUES('c', 'u')";
  }
  SUBCASE("with another URI") { sql = "UPDATE pyro_names SET uri = 'v' WHERE name = 'c'"; }
  SUBCASE("with a tag") { sql = "INSERT INTO pyro_metadata VALUES(3, 't')"; }
  SUBCASE("under another name, in its row") { sql = "UPDATE pyro_names SET name = 'z' WHERE name = 'c'"; }
  SUBCASE("not at all") { sql = "DELETE FROM pyro_names WHERE name = 'c'"; }
  SUBCASE("all of them") {
    sql = "DELETE FROM pyro_names; INSERT INTO pyro_names(name, uri) VALUES('a', 'u'), ('b', 'u'), ('c', 'u')";
    expected = "";
  }
  SUBCASE("two that have changed places") {
    sql =
        "UPDATE pyro_names SET name = 'x' WHERE id = 1; UPDATE pyro_names SET name = 'a' WHERE id = 3;"
        "UPDATE pyro_names SET name = 'c' WHERE id = 1";
    expected = "b=bob ";
  }
  run_sql(file.path, sql);
  CHECK(file.owners() == expected);
}

TEST_CASE("owners: without the triggers, a row that is not the one that was owned is nobody's") {
  const OwnedFile file;
  run_sql(file.path,
          "DROP TRIGGER hearth_noted_name_insert; DROP TRIGGER hearth_noted_name_delete;"
          "DROP TRIGGER hearth_noted_name_update");
  SUBCASE("the name has another row") {
    run_sql(file.path, "DELETE FROM pyro_names WHERE name = 'a'; INSERT INTO pyro_names(name, uri) VALUES('a', 'u')");
  }
  SUBCASE("the row has another name") { run_sql(file.path, "UPDATE pyro_names SET name = 'z' WHERE name = 'a'"); }
  SUBCASE("neither is there") { run_sql(file.path, "DELETE FROM pyro_names WHERE name = 'a'"); }
  CHECK(file.owners() == "b=bob c=alice ");
  // None is left behind that a later registration of the name could meet.
  CHECK(query(file.path, "name", "FROM hearth_owners ORDER BY name") == "b,c");
}

TEST_CASE("owners: what a hand has written into the table counts, and what is wrong there stops nothing") {
  const OwnedFile file;
  const auto engine = open_sqlite(file.path);
  const auto commit = [&engine](const Batch& batch) { return letters(engine->commit(batch)); };
  CHECK(commit({put_by(strict({"carol"}), "a")}) == "o");
  run_sql(file.path,
          "UPDATE hearth_owners SET owner = 'carol' WHERE name = 'a';"
          "INSERT INTO hearth_owners VALUES(4, 'd', x'ff')");
  CHECK(commit({put_by(strict({"carol"}), "a"), put_by(strict({"alice"}), "a")}) == "ao");
  CHECK(commit({remove_by(strict({"carol"}), {"a"}), put_by(strict({"carol"}), "d"), remove({"b", "c", "d"})}) ==
        "aaa");
  CHECK(loaded_owners(*engine).value() == "");
}

TEST_CASE("owners: a recovery saves them, but for those of names that another program has changed since") {
  const OwnedFile file;
  run_sql(file.path, "UPDATE pyro_names SET uri = 'v' WHERE name = 'c'");
  const auto report = recover_database(file.path);
  REQUIRE_MESSAGE(report.has_value(), (report ? "" : report.error().text));
  CHECK(describe(*report).find("Nothing was unreadable.") != std::string::npos);
  CHECK(file.owners() == "a=alice b=bob ");
}

TEST_CASE("owners: a recovery tells where they may be missing") {
  const OwnedFile file;
  const std::string root = query(file.path, "rootpage", "FROM sqlite_master WHERE name = 'hearth_owners'");
  std::string bytes = read_file(file.path);
  bytes.replace((std::stoul(root) - 1) * 4096, 4096, 4096, '\0');
  write_file(file.path, bytes);
  const auto report = recover_database(file.path);
  REQUIRE_MESSAGE(report.has_value(), (report ? "" : report.error().text));
  CHECK(describe(*report).find("Owners may be missing") != std::string::npos);
  CHECK(file.owners() == "");
  CHECK(sorted_load(*open_sqlite(file.path)).size() == 4);
}

}  // namespace hearth
