/// Reads every registration out of the two tables of both Pyros.
///
/// Layer: store.        Thread rule: one thread at a time.        Errors: as sqlite_db.h says.
#pragma once

#include <cstdint>
#include <vector>

#include "nameserver/model/registration.h"
#include "nameserver/store/sqlite_db.h"

namespace hearth {

struct LoadedRegistrations {
  std::vector<Registration> registrations;
  // Other programs write these files too. What no client could be told is left where it is and left out here:
  std::uint64_t names_skipped = 0;  ///< name or URI is not text in UTF-8
  std::uint64_t tags_skipped = 0;   ///< the same, or a tag of no name
};

/// Both tables as of one moment. Tags are sorted, and each occurs once.
[[nodiscard]] Result<LoadedRegistrations> load_registrations(SqliteDb& db);

}  // namespace hearth
