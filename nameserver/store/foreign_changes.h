/// ForeignChanges: what other programs have written into our file.
///
/// Layer: store.        Thread rule: one thread at a time.        Errors: as sqlite_db.h says.
/// Triggers in the file note the name of every registration that is changed by a connection with triggers, which is every
/// other program's; our own runs without, so it pays nothing for them. `PRAGMA data_version` says that there is something to
/// look up. The names stand in a table of our own that refers to no other; the Pyros see neither it nor the triggers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "nameserver/model/mutation.h"
#include "nameserver/store/sqlite_db.h"

namespace hearth {

class ForeignChanges {
 public:
  /// The tables must be there. `db` must outlive the object.
  [[nodiscard]] static Result<ForeignChanges> prepare(SqliteDb& db);

  /// Inside a transaction of the caller's: what was changed since the last time that was confirmed, as one Put or Remove for
  /// each name. Forgets it, if the transaction commits.
  [[nodiscard]] Result<std::vector<Mutation>> take();
  /// As if nothing had been changed until now.
  [[nodiscard]] Result<void> forget() { return forget_->run(); }
  /// The transaction has been committed.
  void confirm() { seen_version_ = version_in_transaction_; }

 private:
  ForeignChanges() = default;

  [[nodiscard]] Result<std::vector<std::string>> changed_names();
  [[nodiscard]] Result<Mutation> present_state(std::string name);

  std::optional<SqliteStatement> version_, triggers_, names_, forget_, find_, tags_;
  std::optional<std::int64_t> seen_version_;  ///< nullopt: whatever was noted before we came
  std::optional<std::int64_t> version_in_transaction_;
};

}  // namespace hearth
