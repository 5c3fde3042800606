/// PageCopy: copies one open database into another, some pages at a time.
///
/// Layer: store.        Thread rule: one thread at a time.        Errors: as sqlite_db.h says.
/// Ownership: must be destroyed before both databases.
#pragma once

#include <cstdint>
#include <memory>

#include "nameserver/store/sqlite_db.h"

struct sqlite3_backup;

namespace hearth {

class PageCopy {
 public:
  /// `source` must be in a transaction that has read something: what others commit later is not copied then, and no reason to
  /// begin again. `target` is empty.
  [[nodiscard]] static Result<PageCopy> begin(SqliteDb& source, SqliteDb& target);

  /// True: that was all; the target holds the copy.
  [[nodiscard]] Result<bool> step(int pages);

  /// As of the last step.
  [[nodiscard]] std::uint64_t pages_left() const;
  [[nodiscard]] std::uint64_t pages() const;

 private:
  struct Finish {
    void operator()(sqlite3_backup* backup) const;
  };
  PageCopy(SqliteDb& target, sqlite3_backup* backup) : target_(&target), backup_(backup) {}

  SqliteDb* target_;  ///< has the text of an error
  std::unique_ptr<sqlite3_backup, Finish> backup_;
};

}  // namespace hearth
