/// Whole copies of an open database, and whether two hold the same.
///
/// Layer: store.        Thread rule: one thread at a time.
/// Errors: ErrorKind::storage, texts as sqlite_db.h says; no copy is left behind then.
#pragma once

#include <string>

#include "nameserver/store/sqlite_db.h"

namespace hearth {

/// Writes what the connection sees, synced, wherever the names of its own files lead. False: the target exists.
[[nodiscard]] Result<bool> copy_database(SqliteDb& db, const std::string& target);

/// The same as "<path>.<suffix>-N" with the first N that is free; the name that it got.
[[nodiscard]] Result<std::string> copy_database_beside(SqliteDb& db, const std::string& path,
                                                       const std::string& suffix);

/// Row by row, in both tables of the Pyros.
[[nodiscard]] Result<bool> hold_the_same(SqliteDb& one, SqliteDb& other);

}  // namespace hearth
