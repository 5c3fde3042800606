/// The tables of a database file: whose they are, and how they become what both Pyros write (PYRO.md section 7).
///
/// Layer: store.        Thread rule: one thread at a time.        Errors: as sqlite_db.h says.
#pragma once

#include "nameserver/store/sqlite_db.h"

namespace hearth {

enum class Schema : unsigned char {
  none,          ///< no table at all: a new file
  current,       ///< pyro_names and pyro_metadata as the Pyros create them; what is ours may be missing
  names_only,    ///< pyro_names(name, uri) of very old Pyro4
  foreign,       ///< another program's: tables, but no pyro_names
  newer,         ///< of a hearthd that knows more than this one
  incompatible,  ///< pyro_names or pyro_metadata, but not with the columns that they should have
};

/// How many triggers of ours there are, called hearth_noted_…: see foreign_changes.h.
inline constexpr std::int64_t change_triggers = 6;

/// Reads only.
[[nodiscard]] Result<Schema> recognise_schema(SqliteDb& db);

/// Whether what is ours in a `current` schema was made by an earlier hearthd, which will not open the file once it is brought up.
[[nodiscard]] Result<bool> has_earlier_version(SqliteDb& db);

/// Makes the tables current, in one transaction, for the schemas `none`, `current` and `names_only`. What is ours beside the
/// tables of the Pyros keys on the name and refers to neither (PYRO.md section 7): an index, the version of all that is ours
/// (hearth_schema), the names that other programs have changed (hearth_changes), the triggers that note them, and the owners of
/// names (hearth_owners; by the row that the name has, too, see sqlite_owners.h).
[[nodiscard]] Result<void> bring_up_schema(SqliteDb& db, Schema found);

}  // namespace hearth
