/// What the tests of the SQLite engine share: a database file of its own, and a look into it by another program's eyes.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "nameserver/store/sqlite_db.h"
#include "nameserver/store/sqlite_engine.h"
#include "tests/support/mutations.h"
#include "tests/support/loaded.h"
#include "tests/support/temp_dir.h"

namespace hearth {

/// As another program would: with a connection of its own that waits for nobody.
inline SqliteDb open_database(const std::string& path) {
  auto db = SqliteDb::open(path, true, 0);
  REQUIRE(db.has_value());
  return std::move(*db);
}

inline void run_sql(const std::string& path, const char* sql) {
  auto db = open_database(path);
  const auto run = db.execute(sql);
  REQUIRE_MESSAGE(run.has_value(), (run ? "" : run.error().text));
}

/// All rows in one line, the values separated by blanks and the rows by commas.
inline std::string query(const std::string& path, const std::string& columns, const std::string& rest) {
  auto db = open_database(path);
  const auto found = db.first_text("SELECT group_concat(r, ',') FROM (SELECT " + columns + " AS r " + rest + ")");
  REQUIRE_MESSAGE(found.has_value(), (found ? "" : found.error().text));
  return found->value_or("");
}

/// Exactly the statements of SqlStorage._create_schema of both Pyros.
inline constexpr const char* pyro_schema =
    "CREATE TABLE pyro_names ( id integer PRIMARY KEY, name nvarchar NOT NULL UNIQUE, uri nvarchar NOT NULL );"
    "CREATE TABLE pyro_metadata ( object integer NOT NULL, metadata nvarchar NOT NULL,"
    " FOREIGN KEY(object) REFERENCES pyro_names(id) );";

inline std::unique_ptr<Engine> open_sqlite(const std::string& path) {
  auto engine = SqliteEngine::open(path, {0});
  REQUIRE_MESSAGE(engine.has_value(), (engine ? "" : engine.error().text));
  return std::move(*engine);
}

inline std::vector<Registration> sorted_load(Engine& engine) {
  auto all = loaded(engine);
  REQUIRE_MESSAGE(all.has_value(), (all ? "" : all.error().text));
  std::sort(all->begin(), all->end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return std::move(*all);
}

}  // namespace hearth
