#include "nameserver/store/sqlite_tables.h"

#include <utility>

namespace hearth {

Result<SqliteTables> SqliteTables::prepare(SqliteDb& db) {
  // Ids of what one mutation removes. Two DELETEs for all of them, since one DELETE a name takes quadratic time: at its end
  // SQLite walks through all that it has noted since the savepoint (3.40.1 memjournal.c, memjrnlTruncate).
  constexpr const char* create_removal = "CREATE TEMP TABLE IF NOT EXISTS hearth_removal(id integer PRIMARY KEY)";
  if (auto created = db.execute(create_removal); !created) return forward_error(created);
  SqliteTables tables(db);
  const std::pair<std::optional<SqliteStatement>*, std::string_view> texts[] = {
      {&tables.find_, "SELECT id FROM pyro_names WHERE name = ?1"},
      {&tables.find_with_uri_, "SELECT id FROM pyro_names WHERE name = ?1 AND uri = ?2"},
      {&tables.insert_, "INSERT INTO pyro_names(name, uri) VALUES(?1, ?2) ON CONFLICT(name) DO NOTHING"},
      {&tables.update_, "UPDATE pyro_names SET uri = ?2 WHERE id = ?1"},
      {&tables.insert_tag_, "INSERT INTO pyro_metadata(object, metadata) VALUES(?1, ?2)"},
      {&tables.remove_tags_, "DELETE FROM pyro_metadata WHERE object = ?1"},
      {&tables.note_, "INSERT OR IGNORE INTO temp.hearth_removal VALUES(?1)"},
      {&tables.remove_noted_tags_, "DELETE FROM pyro_metadata WHERE object IN temp.hearth_removal"},
      {&tables.remove_noted_, "DELETE FROM pyro_names WHERE id IN temp.hearth_removal"},
      {&tables.forget_noted_, "DELETE FROM temp.hearth_removal"},
      {&tables.savepoint_, "SAVEPOINT mutation"},
      {&tables.release_, "RELEASE mutation"},
      {&tables.undo_, "ROLLBACK TO mutation"},
  };
  for (const auto& [statement, text] : texts) {
    auto prepared = db.prepare(text);
    if (!prepared) return forward_error(prepared);
    *statement = std::move(*prepared);
  }
  auto owners = SqliteOwners::prepare(db);
  if (!owners) return forward_error(owners);
  tables.owners_ = std::move(*owners);
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

Result<void> SqliteTables::forget_owners(const std::vector<Mutation>& foreign_changes) {
  for (const Mutation& change : foreign_changes) {
    const auto* put = std::get_if<Put>(&change);
    const std::string& name = put != nullptr ? put->registration.name : std::get<Remove>(change).names.front();
    if (auto forgotten = owners_->forget(name); !forgotten) return forgotten;
  }
  return {};
}

Result<Outcome> SqliteTables::apply_statements(const Put& put) {
  auto owner = owners_->owner_of(put.registration.name);
  if (!owner) return forward_error(owner);
  auto admitted = admit_put(put, *owner);
  if (!admitted) return forward_error(admitted);
  if (*admitted != Outcome::Kind::applied) return Outcome{*admitted};
  return write(put, *owner);
}

/// A name that is taken is that before it is anybody's.
Result<Outcome::Kind> SqliteTables::admit_put(const Put& put, std::string_view owner) {
  if (!put.claim) return Outcome::Kind::applied;
  if (put.only_if_absent) {
    auto id = find_id(put.registration.name);
    if (!id) return forward_error(id);
    if (*id) return Outcome::Kind::name_taken;
  }
  return admit(*put.claim, owner, owners_->owned_by(put.claim->owner()));
}

/// `owner` is whose the name is so far.
Result<Outcome> SqliteTables::write(const Put& put, std::string_view owner) {
  const Registration& registration = put.registration;
  const auto own = [&](std::int64_t id) -> Result<Outcome> {
    if (auto set = owners_->set(id, registration.name, owner, owner_by(put.claim)); !set) return forward_error(set);
    return Outcome{};
  };
  if (auto run = insert_->bind(1, registration.name).bind(2, registration.uri).run(); !run) return forward_error(run);
  if (db_->changes() == 1) {
    // Tags of this new id can only be another program's leftovers.
    const std::int64_t id = db_->last_insert_id();
    if (auto set = replace_tags(id, registration.tags); !set) return forward_error(set);
    return own(id);
  }
  if (put.only_if_absent) return Outcome{Outcome::Kind::name_taken};
  auto id = find_id(registration.name);
  if (!id) return forward_error(id);
  if (!*id) return fail(ErrorKind::storage, "the file is damaged");  // neither there nor absent
  if (auto run = update_->bind(1, **id).bind(2, registration.uri).run(); !run) return forward_error(run);
  if (auto set = replace_tags(**id, registration.tags); !set) return forward_error(set);
  return own(**id);
}

Result<Outcome> SqliteTables::apply_statements(const SetTags& set) {
  auto id = find_id(set.name);
  if (!id) return forward_error(id);
  if (!*id) return Outcome{Outcome::Kind::unknown_name};
  auto owner = owners_->owner_of(set.name);
  if (!owner) return forward_error(owner);
  if (!may_change(set.claim, *owner)) return Outcome{Outcome::Kind::not_owner};
  if (auto replaced = replace_tags(**id, set.tags); !replaced) return forward_error(replaced);
  return Outcome{};
}

Result<Outcome> SqliteTables::apply_statements(const Remove& remove) {
  if (remove.claim && remove.claim->is_owner_only) {
    for (const std::string& name : remove.names) {
      auto owner = owners_->owner_of(name);
      if (!owner) return forward_error(owner);
      if (!remove.claim->may_change(*owner)) return Outcome{Outcome::Kind::not_owner};
    }
  }
  for (const std::string& name : remove.names) {
    auto id = find_id(name);
    if (!id) return forward_error(id);
    if (auto noted = note_for_removal(*id); !noted) return forward_error(noted);
  }
  return remove_noted();
}

Result<Outcome> SqliteTables::apply_statements(const Evict& evict) {
  for (const NameAndUri& registration : evict.registrations) {
    auto id = find_id(registration);
    if (!id) return forward_error(id);
    if (auto noted = note_for_removal(*id); !noted) return forward_error(noted);
  }
  return remove_noted();
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

Result<void> SqliteTables::note_for_removal(std::optional<std::int64_t> id) {
  return id ? note_->bind(1, *id).run() : Result<void>();
}

/// Tags first: the foreign key refuses those without a name.
Result<Outcome> SqliteTables::remove_noted() {
  if (auto run = remove_noted_tags_->run(); !run) return forward_error(run);
  if (auto run = remove_noted_->run(); !run) return forward_error(run);
  const Outcome outcome{.count = static_cast<std::uint32_t>(db_->changes())};
  if (auto forgotten = owners_->forget_noted(); !forgotten) return forward_error(forgotten);
  if (auto run = forget_noted_->run(); !run) return forward_error(run);
  return outcome;
}

Result<void> SqliteTables::replace_tags(std::int64_t id, const Tags& tags) {
  if (auto run = remove_tags_->bind(1, id).run(); !run) return forward_error(run);
  for (const std::string& tag : tags) {
    if (auto run = insert_tag_->bind(1, id).bind(2, tag).run(); !run) return forward_error(run);
  }
  return {};
}

}  // namespace hearth
