#include "nameserver/store/sqlite_schema.h"

#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "nameserver/store/sqlite_transaction.h"
#include "protocol/base/check.h"

namespace hearth {
namespace {

/// Column by column what SqlStorage._create_schema of both Pyros makes (Pyro4/naming_storage.py).
constexpr const char* create_tables = R"(
CREATE TABLE pyro_names
    (
        id integer PRIMARY KEY,
        name nvarchar NOT NULL UNIQUE,
        uri nvarchar NOT NULL
    );
CREATE TABLE pyro_metadata
    (
        object integer NOT NULL,
        metadata nvarchar NOT NULL,
        FOREIGN KEY(object) REFERENCES pyro_names(id)
    );
)";

/// Without it every change of a name would read all tags of all names. An index is no column: the Pyros do not see it.
constexpr const char* create_index = "CREATE INDEX IF NOT EXISTS hearth_metadata_object ON pyro_metadata(object)";

constexpr const char* set_names_aside = "ALTER TABLE pyro_names RENAME TO pyro_names_old";

/// As SqlStorage.__init__ of the Pyros does, but for rows that the new table would refuse: those end the start there.
constexpr const char* take_over_names = R"(
INSERT OR REPLACE INTO pyro_names(name, uri)
    SELECT name, uri FROM pyro_names_old WHERE name IS NOT NULL AND uri IS NOT NULL;
DROP TABLE pyro_names_old;
)";

Result<bool> has_table(SqliteDb& db, std::string_view table) {
  auto found =
      db.first_text(fmt::format("SELECT name FROM sqlite_master WHERE type = 'table' AND lower(name) = '{}'", table));
  if (!found) return forward_error(found);
  return found->has_value();
}

Result<bool> has_columns(SqliteDb& db, std::string_view table, std::initializer_list<std::string_view> columns) {
  for (const std::string_view column : columns) {
    auto found =
        db.first_text(fmt::format("SELECT name FROM pragma_table_info('{}') WHERE lower(name) = '{}'", table, column));
    if (!found) return forward_error(found);
    if (!found->has_value()) return false;
  }
  return true;
}

/// An "id integer PRIMARY KEY" is the row's own number in SQLite; of any other type it would be just another column.
Result<bool> has_row_ids(SqliteDb& db) {
  auto type =
      db.first_text("SELECT lower(type) FROM pragma_table_info('pyro_names') WHERE lower(name) = 'id' AND pk = 1");
  if (!type) return forward_error(type);
  return *type == "integer";
}

/// Runs the scripts as one transaction.
Result<void> execute_together(SqliteDb& db, std::initializer_list<const char*> scripts) {
  return in_transaction(db, [&]() -> Result<void> {
    for (const char* script : scripts) {
      if (auto done = db.execute(script); !done) return done;
    }
    return {};
  });
}

}  // namespace

Result<Schema> recognise_schema(SqliteDb& db) {
  auto anything = db.first_text("SELECT name FROM sqlite_master LIMIT 1");
  if (!anything) return forward_error(anything);
  if (!anything->has_value()) return Schema::none;

  auto names = has_table(db, "pyro_names");
  if (!names) return forward_error(names);
  if (!*names) return Schema::foreign;
  auto name_columns = has_columns(db, "pyro_names", {"name", "uri"});
  if (!name_columns) return forward_error(name_columns);
  if (!*name_columns) return Schema::incompatible;

  auto metadata = has_table(db, "pyro_metadata");
  if (!metadata) return forward_error(metadata);
  if (!*metadata) return Schema::names_only;
  auto metadata_columns = has_columns(db, "pyro_metadata", {"object", "metadata"});
  if (!metadata_columns) return forward_error(metadata_columns);
  auto row_ids = has_row_ids(db);
  if (!row_ids) return forward_error(row_ids);
  return *metadata_columns && *row_ids ? Schema::current : Schema::incompatible;
}

Result<void> bring_up_schema(SqliteDb& db, Schema found) {
  switch (found) {
    case Schema::none: return execute_together(db, {create_tables, create_index});
    case Schema::current: return db.execute(create_index);
    case Schema::names_only:
      return execute_together(db, {set_names_aside, create_tables, take_over_names, create_index});
    case Schema::foreign:
    case Schema::incompatible: break;
  }
  HEARTH_CHECK(false && "a schema that is not ours is not brought up");
  return {};
}

}  // namespace hearth
