/// Whether a database file is whole.
///
/// Layer: store.        Thread rule: one thread at a time.
#pragma once

#include "nameserver/store/sqlite_db.h"

namespace hearth {

/// Reads all of the file (PRAGMA quick_check: a million names with two tags each, 0.25 s of CPU). ErrorKind::storage if it
/// is damaged, with the way out; or why it cannot be told.
[[nodiscard]] Result<void> verify_database(SqliteDb& db);

}  // namespace hearth
