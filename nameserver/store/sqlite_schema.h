/// The tables of a database file: whose they are, and how they become what both Pyros write (PYRO.md section 7).
///
/// Layer: store.        Thread rule: one thread at a time.        Errors: as sqlite_db.h says.
#pragma once

#include "nameserver/store/sqlite_db.h"

namespace hearth {

enum class Schema : unsigned char {
  none,          ///< no table at all: a new file
  current,       ///< pyro_names and pyro_metadata as the Pyros create them; our index may be missing
  names_only,    ///< pyro_names(name, uri) of very old Pyro4
  foreign,       ///< another program's: tables, but no pyro_names
  incompatible,  ///< pyro_names or pyro_metadata, but not with the columns that they should have
};

/// Reads only.
[[nodiscard]] Result<Schema> recognise_schema(SqliteDb& db);

/// Makes the tables current, in one transaction, for the schemas `none`, `current` and `names_only`.
[[nodiscard]] Result<void> bring_up_schema(SqliteDb& db, Schema found);

}  // namespace hearth
