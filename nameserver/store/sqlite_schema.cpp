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

/// Of what create_own makes. Version 1 had no owners; create_own leads from it to this one.
constexpr std::int64_t own_version = 2;

/// Without the index every change of a name would read all tags of all names. The triggers have no conflict to resolve,
/// because the statement that sets them off would impose its own way of doing that; those BEFORE see the row that a REPLACE
/// is about to remove, for which no other fires.
constexpr const char* create_own = R"(
CREATE INDEX IF NOT EXISTS hearth_metadata_object ON pyro_metadata(object);
CREATE TABLE IF NOT EXISTS hearth_schema(version integer NOT NULL);
CREATE TABLE IF NOT EXISTS hearth_changes(name PRIMARY KEY);
CREATE TRIGGER IF NOT EXISTS hearth_noted_name_insert BEFORE INSERT ON pyro_names BEGIN
    INSERT INTO hearth_changes SELECT name FROM pyro_names WHERE id = NEW.id AND name NOT IN hearth_changes;
    INSERT INTO hearth_changes SELECT NEW.name WHERE NEW.name NOT IN hearth_changes;
END;
CREATE TRIGGER IF NOT EXISTS hearth_noted_name_delete AFTER DELETE ON pyro_names BEGIN
    INSERT INTO hearth_changes SELECT OLD.name WHERE OLD.name NOT IN hearth_changes;
END;
CREATE TRIGGER IF NOT EXISTS hearth_noted_name_update BEFORE UPDATE ON pyro_names BEGIN
    INSERT INTO hearth_changes SELECT name FROM pyro_names WHERE id = NEW.id AND name NOT IN hearth_changes;
    INSERT INTO hearth_changes SELECT OLD.name WHERE OLD.name NOT IN hearth_changes;
    INSERT INTO hearth_changes SELECT NEW.name WHERE NEW.name NOT IN hearth_changes;
END;
CREATE TRIGGER IF NOT EXISTS hearth_noted_tag_insert AFTER INSERT ON pyro_metadata BEGIN
    INSERT INTO hearth_changes SELECT name FROM pyro_names WHERE id = NEW.object AND name NOT IN hearth_changes;
END;
CREATE TRIGGER IF NOT EXISTS hearth_noted_tag_delete AFTER DELETE ON pyro_metadata BEGIN
    INSERT INTO hearth_changes SELECT name FROM pyro_names WHERE id = OLD.object AND name NOT IN hearth_changes;
END;
CREATE TRIGGER IF NOT EXISTS hearth_noted_tag_update AFTER UPDATE ON pyro_metadata BEGIN
    INSERT INTO hearth_changes SELECT name FROM pyro_names WHERE id = OLD.object AND name NOT IN hearth_changes;
    INSERT INTO hearth_changes SELECT name FROM pyro_names WHERE id = NEW.object AND name NOT IN hearth_changes;
END;
CREATE TABLE IF NOT EXISTS hearth_owners(object integer PRIMARY KEY, name text NOT NULL UNIQUE, owner text NOT NULL);
)";

constexpr const char* set_version = R"(
DELETE FROM hearth_schema;
INSERT INTO hearth_schema VALUES(2);
)";

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

/// 0: nothing of ours is there.
Result<std::int64_t> own_version_of(SqliteDb& db) {
  auto table = has_table(db, "hearth_schema");
  if (!table) return forward_error(table);
  if (!*table) return std::int64_t{0};
  auto select = db.prepare("SELECT max(version) FROM hearth_schema");
  if (!select) return forward_error(select);
  if (auto row = select->step(); !row) return forward_error(row);
  return select->integer(0);
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

/// Writes nothing if nothing is missing.
Result<void> complete(SqliteDb& db) {
  auto version = own_version_of(db);
  if (!version) return forward_error(version);
  return *version == own_version ? execute_together(db, {create_own}) : execute_together(db, {create_own, set_version});
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
  if (!*metadata_columns || !*row_ids) return Schema::incompatible;
  auto version = own_version_of(db);
  if (!version) return forward_error(version);
  return *version <= own_version ? Schema::current : Schema::newer;
}

Result<bool> has_earlier_version(SqliteDb& db) {
  auto version = own_version_of(db);
  if (!version) return forward_error(version);
  return *version > 0 && *version < own_version;
}

Result<void> bring_up_schema(SqliteDb& db, Schema found) {
  switch (found) {
    case Schema::none: return execute_together(db, {create_tables, create_own, set_version});
    case Schema::current: return complete(db);
    case Schema::names_only:
      return execute_together(db, {set_names_aside, create_tables, take_over_names, create_own, set_version});
    case Schema::foreign:
    case Schema::newer:
    case Schema::incompatible: break;
  }
  HEARTH_CHECK(false && "a schema that is not ours is not brought up");
  return {};
}

}  // namespace hearth
