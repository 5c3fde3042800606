#include "nameserver/store/sqlite_db.h"

#include "tests/unit/nameserver/store/sqlite_support.h"

namespace hearth {
namespace {

TEST_CASE("an empty text is bound as a text, wherever it comes from") {
  const TempDir directory;
  auto db = open_database(directory / "x.db");
  auto statement = db.prepare("SELECT ?1, typeof(?1)");
  REQUIRE(statement.has_value());
  for (const std::string_view text : {std::string_view(), std::string_view("")}) {
    REQUIRE(statement->bind(1, text).step().value());
    CHECK(statement->text(0) == "");
    CHECK(statement->text(1) == "text");
    statement->reset();
  }
}

TEST_CASE("only text is text") {
  const TempDir directory;
  auto db = open_database(directory / "x.db");
  auto row = db.prepare("SELECT NULL, 1, 1.5, x'61', 'a'");
  REQUIRE(row.has_value());
  REQUIRE(row->step().value());
  for (const int column : {0, 1, 2, 3}) CHECK_FALSE(row->text(column).has_value());
  CHECK(row->text(4) == "a");
  CHECK(row->integer(1) == 1);
  CHECK_FALSE(row->step().value());
}

TEST_CASE("a parameter that is not there is reported by the next step, and only by that") {
  const TempDir directory;
  auto db = open_database(directory / "x.db");
  auto statement = db.prepare("SELECT ?1");
  REQUIRE(statement.has_value());
  CHECK_FALSE(statement->bind(2, "x").bind(1, "y").step().has_value());
  CHECK(statement->bind(1, "y").step().value());
}

TEST_CASE("a look without a trace finds the file, whatever its name, and makes none") {
  const TempDir directory;
  const std::string path = directory / "100%25?mode=rw#x";
  CHECK_FALSE(SqliteDb::open_untouched(path).has_value());
  run_sql(path, "CREATE TABLE here(x)");
  auto looked = SqliteDb::open_untouched(path);
  REQUIRE(looked.has_value());
  CHECK(looked->first_text("SELECT name FROM sqlite_master").value() == "here");
  CHECK_FALSE(looked->execute("DROP TABLE here").has_value());
}

}  // namespace
}  // namespace hearth
