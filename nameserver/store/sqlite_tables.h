/// SqliteTables: mutations as statements on the two tables of both Pyros, and that of the owners.
///
/// Layer: store.        Thread rule: one thread at a time.
/// Ownership: must be destroyed before the database it was prepared on.
#pragma once

#include "nameserver/model/mutation.h"
#include "nameserver/store/sqlite_db.h"
#include "nameserver/store/sqlite_owners.h"

namespace hearth {

class SqliteTables {
 public:
  /// The tables must be there. `db` must outlive the object and stay where it is.
  [[nodiscard]] static Result<SqliteTables> prepare(SqliteDb& db);

  /// Inside a transaction of the caller's. The mutation happens whole or not at all, unless the error is of
  /// ErrorKind::storage: then the caller must roll back.
  [[nodiscard]] Result<Outcome> apply(const Mutation& mutation);

  /// Of the names that another program has changed, each in a Put or a Remove. In the same transaction.
  [[nodiscard]] Result<void> forget_owners(const std::vector<Mutation>& foreign_changes);

 private:
  explicit SqliteTables(SqliteDb& db) : db_(&db) {}

  Result<Outcome> apply_statements(const Put& put);
  Result<Outcome> write(const Put& put, std::string_view owner);
  Result<Outcome::Kind> admit_put(const Put& put, std::string_view owner);
  Result<Outcome> apply_statements(const SetTags& set);
  Result<Outcome> apply_statements(const Remove& remove);
  Result<Outcome> apply_statements(const Evict& evict);
  Result<std::optional<std::int64_t>> find_id(const std::string& name);
  Result<std::optional<std::int64_t>> find_id(const NameAndUri& registration);
  static Result<std::optional<std::int64_t>> first_id(SqliteStatement& bound);
  Result<void> note_for_removal(std::optional<std::int64_t> id);
  Result<Outcome> remove_noted();
  Result<void> replace_tags(std::int64_t id, const Tags& tags);

  SqliteDb* db_;
  std::optional<SqliteOwners> owners_;
  std::optional<SqliteStatement> find_, find_with_uri_, insert_, update_, insert_tag_, remove_tags_;
  std::optional<SqliteStatement> note_, remove_noted_tags_, remove_noted_, forget_noted_;
  std::optional<SqliteStatement> savepoint_, release_, undo_;
};

}  // namespace hearth
