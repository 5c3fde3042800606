/// in_transaction(): statements that happen together or not at all.
///
/// Layer: store.        Thread rule: one thread at a time.        Errors: as sqlite_db.h says.
#pragma once

#include "nameserver/store/sqlite_db.h"

namespace hearth {

/// `body` returns a Result, which is returned if the COMMIT succeeds too; otherwise nothing has happened to the database.
template <typename Body>
[[nodiscard]] auto in_transaction(SqliteDb& db, Body body) -> decltype(body()) {
  if (auto begun = db.execute("BEGIN IMMEDIATE"); !begun) return forward_error(begun);
  auto done = body();
  if (done) {
    auto committed = db.execute("COMMIT");
    if (committed) return done;
    done = forward_error(committed);
  }
  if (db.is_in_transaction()) {
    // The first error is the one to report; closing the file rolls back what this cannot.
    [[maybe_unused]] const auto rolled_back = db.execute("ROLLBACK");
  }
  return done;
}

}  // namespace hearth
