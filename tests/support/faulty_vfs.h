/// FaultyVfs: SQLite's files with a disk whose writes and syncs can be made to fail, and that knows what it has synced.
///
/// Thread rule and lifetime: as interposed_vfs.h says.
#pragma once

#include "tests/support/interposed_vfs.h"

namespace hearth {

class FaultyVfs final : public InterposedVfs {
 public:
  bool wal_syncs_fail = false;
  bool database_syncs_fail = false;
  int write_error = SQLITE_OK;  ///< what every write fails with: SQLITE_FULL, SQLITE_IOERR_WRITE …
  int read_error = SQLITE_OK;

  int wal_syncs = 0;            ///< those that succeeded
  int unsynced_wal_writes = 0;  ///< since the last of them

  int before_read(const File&) override { return read_error; }
  int before_write(const File& file, std::string_view, std::uint64_t) override {
    if (write_error != SQLITE_OK) return write_error;
    if (file.is(SQLITE_OPEN_WAL)) ++unsynced_wal_writes;
    return SQLITE_OK;
  }
  int before_sync(const File& file) override {
    const bool fails =
        (file.is(SQLITE_OPEN_WAL) && wal_syncs_fail) || (file.is(SQLITE_OPEN_MAIN_DB) && database_syncs_fail);
    return fails ? SQLITE_IOERR_FSYNC : SQLITE_OK;
  }
  void after_sync(const File& file) override {
    if (!file.is(SQLITE_OPEN_WAL)) return;
    ++wal_syncs;
    unsynced_wal_writes = 0;
  }
};

}  // namespace hearth
