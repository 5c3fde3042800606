/// SqliteOwners: who owns which registration, in a table of our own beside those of the Pyros.
///
/// Layer: store.        Thread rule: one thread at a time.        Errors: as sqlite_db.h says.
/// Ownership: must be destroyed before the database it was prepared on.
/// A row of it counts as long as the registration that it was made for is there as it was: names that another program has
/// changed lose their owner in the transaction that takes the change over, or at the start; and a row whose number and name do not
/// belong together any more, whatever has become of the triggers that note such changes, goes at the start too. So whoever has
/// prepared this sees nothing but rows that count. While the table is empty nothing here runs a statement.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "nameserver/model/owner_counts.h"
#include "nameserver/model/registration.h"
#include "nameserver/store/sqlite_db.h"

namespace hearth {

class SqliteOwners {
 public:
  /// The tables must be there. Counts who owns how much; a transaction that fails makes that count worthless.
  [[nodiscard]] static Result<SqliteOwners> prepare(SqliteDb& db);

  // All inside a transaction of the caller's.

  /// Empty: nobody's.
  [[nodiscard]] Result<std::string> owner_of(std::string_view name);
  [[nodiscard]] std::uint64_t owned_by(std::string_view owner) const { return counts_.of(owner); }
  /// Of the registration in row `id`, which belonged to `before` (as owner_of() says) so far. The last statement of a change.
  [[nodiscard]] Result<void> set(std::int64_t id, std::string_view name, std::string_view before,
                                 std::string_view owner);
  [[nodiscard]] Result<void> forget(std::string_view name);
  /// Of all registrations whose ids are in temp.hearth_removal (sqlite_tables.h).
  [[nodiscard]] Result<void> forget_noted();

 private:
  SqliteOwners() = default;

  std::optional<SqliteStatement> find_, set_, forget_, count_noted_, forget_noted_;
  OwnerCounts counts_;
};

/// Hands over every name that has an owner.
[[nodiscard]] Result<void> load_owners(SqliteDb& db, const TakeOwner& take);

}  // namespace hearth
