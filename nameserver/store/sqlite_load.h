/// Reads every registration out of the two tables of both Pyros.
///
/// Layer: store.        Thread rule: one thread at a time.        Errors: as sqlite_db.h says.
#pragma once

#include <cstdint>
#include <optional>

#include "nameserver/model/registration.h"
#include "nameserver/store/sqlite_db.h"
#include "nameserver/store/tags_ahead.h"

namespace hearth {

/// Other programs write these files too. What no client could be told is left where it is and left out here.
struct LeftOut {
  std::uint64_t names = 0;  ///< name or URI is not text in UTF-8
  std::uint64_t tags = 0;   ///< the same, or a tag of no name
};

/// Hands over both tables as of one moment, a registration at a time: beside them only a number is held for each tag. `ahead`
/// is used if nobody else has written since; the caller must not have changed tags himself.
[[nodiscard]] Result<LeftOut> load_registrations(SqliteDb& db, const TakeRegistration& take,
                                                 std::optional<TagsAhead::Tags> ahead = std::nullopt);

}  // namespace hearth
