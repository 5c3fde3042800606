#include "nameserver/store/foreign_changes.h"

#include <utility>

#include "nameserver/store/sqlite_schema.h"

namespace hearth {

Result<ForeignChanges> ForeignChanges::prepare(SqliteDb& db) {
  ForeignChanges changes;
  // "WHERE true": else SQLite writes to the file even if the table is empty.
  const std::pair<std::optional<SqliteStatement>*, std::string_view> texts[] = {
      {&changes.version_, "PRAGMA data_version"},
      {&changes.triggers_, "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'hearth_noted_*'"},
      {&changes.names_, "SELECT name FROM hearth_changes"},
      {&changes.forget_, "DELETE FROM hearth_changes WHERE true"},
      {&changes.find_, "SELECT id, uri FROM pyro_names WHERE name = ?1"},
      {&changes.tags_, "SELECT metadata FROM pyro_metadata WHERE object = ?1"},
  };
  for (const auto& [statement, text] : texts) {
    auto prepared = db.prepare(text);
    if (!prepared) return forward_error(prepared);
    *statement = std::move(*prepared);
  }
  return changes;
}

Result<std::vector<Mutation>> ForeignChanges::take() {
  auto row = version_->step();
  if (!row) return forward_error(row);
  version_in_transaction_ = version_->integer(0);
  version_->reset();
  if (version_in_transaction_ == seen_version_) return std::vector<Mutation>();

  auto names = changed_names();
  if (!names) return forward_error(names);
  std::vector<Mutation> changes;
  for (std::string& name : *names) {
    auto change = present_state(std::move(name));
    if (!change) return forward_error(change);
    changes.push_back(std::move(*change));
  }
  if (!names->empty()) {
    if (auto forgotten = forget_->run(); !forgotten) return forward_error(forgotten);
  }
  return changes;
}

Result<std::vector<std::string>> ForeignChanges::changed_names() {
  auto counted = triggers_->step();
  if (!counted) return forward_error(counted);
  const bool are_noted = triggers_->integer(0) == change_triggers;
  triggers_->reset();
  if (!are_noted) {
    return fail(ErrorKind::storage, "another program has replaced the tables: restart hearthd to read them");
  }
  std::vector<std::string> names;
  for (;;) {
    auto row = names_->step();
    if (!row) return forward_error(row);
    if (!*row) return names;
    const auto name = names_->utf8_text(0);
    if (name) names.emplace_back(*name);  // else nobody can be told of it, see sqlite_load.h
  }
}

Result<Mutation> ForeignChanges::present_state(std::string name) {
  auto found = find_->bind(1, name).step();
  if (!found) return forward_error(found);
  const auto uri = *found ? find_->utf8_text(1) : std::nullopt;
  if (!uri) {
    find_->reset();
    return Remove{{std::move(name)}};
  }
  Put put{{std::move(name), std::string(*uri), {}}};
  tags_->bind(1, find_->integer(0));
  find_->reset();
  for (;;) {
    auto row = tags_->step();
    if (!row) return forward_error(row);
    if (!*row) break;
    const auto tag = tags_->utf8_text(0);
    if (tag) put.registration.tags.emplace_back(*tag);
  }
  sort_tags(put.registration.tags);
  return put;
}

}  // namespace hearth
