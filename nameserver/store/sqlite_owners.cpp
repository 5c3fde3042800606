#include "nameserver/store/sqlite_owners.h"

#include <utility>
#include <vector>

namespace hearth {
namespace {

constexpr const char* forget_what_does_not_count = R"(
DELETE FROM hearth_owners WHERE name IN (SELECT name FROM hearth_changes);
DELETE FROM hearth_owners
    WHERE NOT EXISTS (SELECT 1 FROM pyro_names WHERE id = object AND pyro_names.name = hearth_owners.name);
)";

}  // namespace

Result<SqliteOwners> SqliteOwners::prepare(SqliteDb& db) {
  if (auto forgotten = db.execute(forget_what_does_not_count); !forgotten) return forward_error(forgotten);
  SqliteOwners owners;
  const std::pair<std::optional<SqliteStatement>*, std::string_view> texts[] = {
      {&owners.find_, "SELECT owner FROM hearth_owners WHERE name = ?1"},
      {&owners.set_, "INSERT OR REPLACE INTO hearth_owners(object, name, owner) VALUES(?1, ?2, ?3)"},
      {&owners.forget_, "DELETE FROM hearth_owners WHERE name = ?1"},
      {&owners.count_noted_,
       "SELECT owner, count(*) FROM hearth_owners WHERE object IN temp.hearth_removal GROUP BY owner"},
      {&owners.forget_noted_, "DELETE FROM hearth_owners WHERE object IN temp.hearth_removal"},
  };
  for (const auto& [statement, text] : texts) {
    auto prepared = db.prepare(text);
    if (!prepared) return forward_error(prepared);
    *statement = std::move(*prepared);
  }
  const auto count = [&owners](std::string_view, std::string_view owner) { owners.counts_.add(owner); };
  if (auto counted = load_owners(db, count); !counted) return forward_error(counted);
  return owners;
}

Result<std::string> SqliteOwners::owner_of(std::string_view name) {
  if (counts_.is_empty()) return std::string();
  auto row = find_->bind(1, name).step();
  if (!row) return forward_error(row);
  if (!*row) return std::string();
  std::string owner(find_->utf8_text(0).value_or(""));
  find_->reset();
  return owner;
}

Result<void> SqliteOwners::set(std::int64_t id, std::string_view name, std::string_view before,
                               std::string_view owner) {
  if (owner == before) return {};
  if (owner.empty()) return forget(name);
  if (auto run = set_->bind(1, id).bind(2, name).bind(3, owner).run(); !run) return run;
  counts_.subtract(before);
  counts_.add(owner);
  return {};
}

Result<void> SqliteOwners::forget(std::string_view name) {
  auto owner = owner_of(name);
  if (!owner) return forward_error(owner);
  if (owner->empty()) return {};
  if (auto run = forget_->bind(1, name).run(); !run) return run;
  counts_.subtract(*owner);
  return {};
}

Result<void> SqliteOwners::forget_noted() {
  if (counts_.is_empty()) return {};
  std::vector<std::pair<std::string, std::uint64_t>> gone;
  for (;;) {
    auto row = count_noted_->step();
    if (!row) return forward_error(row);
    if (!*row) break;
    gone.emplace_back(count_noted_->utf8_text(0).value_or(""), static_cast<std::uint64_t>(count_noted_->integer(1)));
  }
  if (gone.empty()) return {};
  if (auto run = forget_noted_->run(); !run) return run;
  for (const auto& [owner, count] : gone) counts_.subtract(owner, count);
  return {};
}

Result<void> load_owners(SqliteDb& db, const TakeOwner& take) {
  auto select = db.prepare("SELECT name, owner FROM hearth_owners");
  if (!select) return forward_error(select);
  for (;;) {
    auto row = select->step();
    if (!row) return forward_error(row);
    if (!*row) return {};
    const auto name = select->utf8_text(0);
    const auto owner = select->utf8_text(1);
    if (name && owner) take(*name, *owner);
  }
}

}  // namespace hearth
