/// FaultyVfs: SQLite's files with a disk whose syncs can be made to fail, and that knows what it has synced.
///
/// Thread rule: one thread at a time, and one object at a time.
/// SQLite's default as long as it lives; databases opened meanwhile must be closed before it goes.
#pragma once

#include <sqlite3.h>

namespace hearth {

class FaultyVfs {
 public:
  FaultyVfs();
  ~FaultyVfs();
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;

  bool wal_syncs_fail = false;
  bool database_syncs_fail = false;

  int wal_syncs = 0;            ///< those that succeeded
  int unsynced_wal_writes = 0;  ///< since the last of them

 private:
  sqlite3_vfs vfs_;
};

}  // namespace hearth
