// Whatever another program does to the file, the engine tells what has become of it.
#include "nameserver/store/foreign_changes.h"

#include "tests/contract/engine_contract.h"
#include "tests/unit/nameserver/store/sqlite_support.h"

namespace hearth {
namespace {

using Registrations = std::vector<Registration>;

struct SharedFile {
  TempDir directory;
  std::string path = directory / "names.db";
  std::unique_ptr<Engine> engine = open_sqlite(path);

  SharedFile() { CHECK(commit({put("a", "1", {"t"}), put("b", "1", {"t"}), put("c", "1")}) == "aaa"); }

  std::string commit(const Batch& batch) { return letters(engine->commit(batch)); }
  Registrations told() {
    CHECK(commit({put("own", "1")}) == "a");
    return foreign_changes(*engine);
  }
};

TEST_CASE("every way to change a registration is noticed") {
  SharedFile file;
  const char* sql = "";
  Registrations expected;
  SUBCASE("a URI") {
    sql = "UPDATE pyro_names SET uri = '2' WHERE name = 'a'";
    expected = {{"a", "2", {"t"}}};
  }
  SUBCASE("a name") {
    sql = "UPDATE pyro_names SET name = 'z' WHERE name = 'a'";
    expected = {{"a", "", {}}, {"z", "1", {"t"}}};
  }
  SUBCASE("a tag") {
    sql = "UPDATE pyro_metadata SET metadata = 's' WHERE object = 1";
    expected = {{"a", "1", {"s"}}};
  }
  SUBCASE("the owner of a tag") {
    sql = "UPDATE pyro_metadata SET object = 3 WHERE object = 1";
    expected = {{"a", "1", {}}, {"c", "1", {"t"}}};
  }
  SUBCASE("a replacement") {
    sql = "INSERT OR REPLACE INTO pyro_names(name, uri) VALUES('c', '2')";
    expected = {{"c", "2", {}}};
  }
  SUBCASE("the same row for another name") {
    sql = "REPLACE INTO pyro_names(id, name, uri) VALUES(3, 'z', '2')";
    expected = {{"c", "", {}}, {"z", "2", {}}};
  }
  SUBCASE("a row that takes another's number") {
    sql = "UPDATE OR REPLACE pyro_names SET id = 3 WHERE name = 'b'";
    expected = {{"b", "1", {}}, {"c", "", {}}};
  }
  SUBCASE("twice the same, by a statement that fails on conflicts") {
    sql =
        "INSERT OR FAIL INTO pyro_names(name, uri) VALUES('z', '1'); DELETE FROM pyro_names WHERE name = 'z';"
        "INSERT OR ROLLBACK INTO pyro_names(name, uri) VALUES('z', '2')";
    expected = {{"z", "2", {}}};
  }
  SUBCASE("everything at once") {
    sql = "DELETE FROM pyro_metadata; DELETE FROM pyro_names";
    expected = {{"a", "", {}}, {"b", "", {}}, {"c", "", {}}};
  }
  SUBCASE("what no client could be told") {
    sql = "UPDATE pyro_names SET uri = x'ff' WHERE name = 'a'; INSERT INTO pyro_names(name, uri) VALUES(x'ff', 'u')";
    expected = {{"a", "", {}}};
  }
  SUBCASE("nothing that concerns us") { sql = "CREATE TABLE theirs(x); INSERT INTO theirs VALUES(1)"; }
  run_sql(file.path, sql);
  CHECK(file.told() == expected);
  CHECK(file.told().empty());
}

TEST_CASE("our own changes are not noted, and those that were told are forgotten") {
  SharedFile file;
  CHECK(file.commit({put("a", "2", {"x"}), set_tags("b", {"y"}), remove({"c"})}) == "aaa");
  CHECK(query(file.path, "name", "FROM hearth_changes") == "");
  run_sql(file.path, "UPDATE pyro_names SET uri = '3'");
  CHECK(query(file.path, "name", "FROM hearth_changes ORDER BY name") == "a,b");
  CHECK(file.told() == Registrations{{"a", "3", {"x"}}, {"b", "3", {"y"}}});
  CHECK(query(file.path, "name", "FROM hearth_changes") == "");
}

TEST_CASE("a commit that fails takes no news along") {
  SharedFile file;
  run_sql(file.path, "UPDATE pyro_names SET uri = '2' WHERE name = 'a'");
  auto other = open_database(file.path);
  REQUIRE(other.execute("BEGIN IMMEDIATE").has_value());
  CHECK(file.commit({put("x", "1")}) == "S");
  CHECK(foreign_changes(*file.engine).empty());
  REQUIRE(other.execute("COMMIT").has_value());
  REQUIRE(file.engine->reopen().has_value());
  CHECK(file.told() == Registrations{{"a", "2", {"t"}}});
}

TEST_CASE("tables that were replaced are no news that could be told") {
  SharedFile file;
  run_sql(file.path, "DROP TABLE pyro_metadata; DROP TABLE pyro_names");
  run_sql(file.path, pyro_schema);
  const auto results = file.engine->commit(Batch{put("x", "1")});
  REQUIRE_FALSE(results[0].has_value());
  CHECK(results[0].error().text == "another program has replaced the tables: restart hearthd to read them");
}

}  // namespace
}  // namespace hearth
