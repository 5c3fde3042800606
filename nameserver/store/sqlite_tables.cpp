#include "nameserver/store/sqlite_tables.h"

#include <utility>

namespace hearth {

Result<SqliteTables> SqliteTables::prepare(SqliteDb& db) {
  SqliteTables tables(db);
  const std::pair<std::optional<SqliteStatement>*, std::string_view> texts[] = {
      {&tables.find_, "SELECT id FROM pyro_names WHERE name = ?1"},
      {&tables.find_with_uri_, "SELECT id FROM pyro_names WHERE name = ?1 AND uri = ?2"},
      {&tables.insert_, "INSERT INTO pyro_names(name, uri) VALUES(?1, ?2) ON CONFLICT(name) DO NOTHING"},
      {&tables.update_, "UPDATE pyro_names SET uri = ?2 WHERE id = ?1"},
      {&tables.remove_, "DELETE FROM pyro_names WHERE id = ?1"},
      {&tables.insert_tag_, "INSERT INTO pyro_metadata(object, metadata) VALUES(?1, ?2)"},
      {&tables.remove_tags_, "DELETE FROM pyro_metadata WHERE object = ?1"},
      {&tables.savepoint_, "SAVEPOINT mutation"},
      {&tables.release_, "RELEASE mutation"},
      {&tables.undo_, "ROLLBACK TO mutation"},
  };
  for (const auto& [statement, text] : texts) {
    auto prepared = db.prepare(text);
    if (!prepared) return forward_error(prepared);
    *statement = std::move(*prepared);
  }
  return tables;
}

Result<Outcome> SqliteTables::apply(const Mutation& mutation) {
  if (auto begun = savepoint_->run(); !begun) return forward_error(begun);
  auto outcome = std::visit([this](const auto& kind) { return apply_statements(kind); }, mutation);
  if (!outcome && outcome.error().kind == ErrorKind::storage) return outcome;
  if (!outcome) {
    if (auto undone = undo_->run(); !undone) return forward_error(undone);
  }
  if (auto ended = release_->run(); !ended) return forward_error(ended);
  return outcome;
}

Result<Outcome> SqliteTables::apply_statements(const Put& put) {
  const Registration& registration = put.registration;
  if (auto run = insert_->bind(1, registration.name).bind(2, registration.uri).run(); !run) return forward_error(run);
  if (db_->changes() == 1) {
    // Tags of this new id can only be another program's leftovers.
    if (auto set = replace_tags(db_->last_insert_id(), registration.tags); !set) return forward_error(set);
    return Outcome{};
  }
  if (put.only_if_absent) return Outcome{Outcome::Kind::name_taken};
  auto id = find_id(registration.name);
  if (!id) return forward_error(id);
  if (!*id) return fail(ErrorKind::storage, "the file is damaged");  // neither there nor absent
  if (auto run = update_->bind(1, **id).bind(2, registration.uri).run(); !run) return forward_error(run);
  if (auto set = replace_tags(**id, registration.tags); !set) return forward_error(set);
  return Outcome{};
}

Result<Outcome> SqliteTables::apply_statements(const SetTags& set) {
  auto id = find_id(set.name);
  if (!id) return forward_error(id);
  if (!*id) return Outcome{Outcome::Kind::unknown_name};
  if (auto replaced = replace_tags(**id, set.tags); !replaced) return forward_error(replaced);
  return Outcome{};
}

Result<Outcome> SqliteTables::apply_statements(const Remove& remove) {
  Outcome outcome;
  for (const std::string& name : remove.names) {
    auto id = find_id(name);
    if (!id) return forward_error(id);
    if (!*id) continue;
    if (auto removed = remove_entry(**id); !removed) return forward_error(removed);
    ++outcome.count;
  }
  return outcome;
}

Result<Outcome> SqliteTables::apply_statements(const Evict& evict) {
  Outcome outcome;
  for (const NameAndUri& registration : evict.registrations) {
    auto id = find_id(registration);
    if (!id) return forward_error(id);
    if (!*id) continue;
    if (auto removed = remove_entry(**id); !removed) return forward_error(removed);
    ++outcome.count;
  }
  return outcome;
}

Result<std::optional<std::int64_t>> SqliteTables::find_id(const std::string& name) {
  return first_id(find_->bind(1, name));
}

Result<std::optional<std::int64_t>> SqliteTables::find_id(const NameAndUri& registration) {
  return first_id(find_with_uri_->bind(1, registration.name).bind(2, registration.uri));
}

Result<std::optional<std::int64_t>> SqliteTables::first_id(SqliteStatement& bound) {
  auto row = bound.step();
  if (!row) return forward_error(row);
  if (!*row) return std::optional<std::int64_t>();
  const std::int64_t id = bound.integer(0);
  bound.reset();
  return std::optional(id);
}

/// In this order: the foreign key refuses tags without a name.
Result<void> SqliteTables::remove_entry(std::int64_t id) {
  if (auto run = remove_tags_->bind(1, id).run(); !run) return run;
  return remove_->bind(1, id).run();
}

Result<void> SqliteTables::replace_tags(std::int64_t id, const Tags& tags) {
  if (auto run = remove_tags_->bind(1, id).run(); !run) return forward_error(run);
  for (const std::string& tag : tags) {
    if (auto run = insert_tag_->bind(1, id).bind(2, tag).run(); !run) return forward_error(run);
  }
  return {};
}

}  // namespace hearth
