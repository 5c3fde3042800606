/// Reads what can still be read of a table whose pages are damaged.
///
/// Layer: store.        Thread rule: one thread at a time.
/// Rows are looked for by their rowids, from both ends of every stretch that cannot be read through: a damaged page costs the
/// rows that it holds, or leads to, and no others.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "nameserver/store/sqlite_db.h"

namespace hearth {

/// Both ends belong to it.
struct RowidRange {
  std::int64_t first;
  std::int64_t last;
  bool operator==(const RowidRange&) const = default;
};

/// Calls `take` for every row that can be read: column 0 is the rowid, the others are `columns`. A row comes once, the rows in
/// any order. Returns where rows may have been lost, ascending; an error only if the table cannot be asked at all.
[[nodiscard]] Result<std::vector<RowidRange>> salvage_rows(SqliteDb& db, const std::string& table,
                                                           const std::string& columns,
                                                           const std::function<void(SqliteStatement&)>& take);

}  // namespace hearth
