/// PowerLossVfs: SQLite's files on a disk with a write cache, whose power fails at a chosen operation.
///
/// Thread rule and lifetime: as interposed_vfs.h says.
/// What a sync means is what SQLite's own unix VFS makes of it: the first sync of a new journal or log syncs its directory
/// too; that of a database does not. The wal-index (-shm) is memory and never survives.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "tests/support/interposed_vfs.h"
#include "tests/support/volatile_disk.h"

namespace hearth {

class PowerLossVfs final : public InterposedVfs {
 public:
  PowerLossVfs() : InterposedVfs(Syncs::are_left_out) {}

  /// From now on the disk is `directory`, and all in it is durable. The power fails instead of the operation with this
  /// number, counted from 0: an open that makes a file, a write, a truncation, a sync or a deletion.
  void power_on(const std::string& directory, std::uint64_t operations, std::uint32_t seed);

  /// What is left on the disk, if the power has failed. Until power_on() every operation fails then.
  [[nodiscard]] const std::optional<VolatileDisk::Image>& survivors() const { return survivors_; }
  [[nodiscard]] std::uint64_t operations_done() const { return done_; }

  /// Syncs of these files (SQLITE_OPEN_WAL, SQLITE_OPEN_MAIN_DB) say that they are done and do nothing.
  int lies_about = 0;

  int before_open(const File& file) override;
  int before_read(const File&) override { return survivors_ ? SQLITE_IOERR_READ : SQLITE_OK; }
  int before_write(const File& file, std::string_view bytes, std::uint64_t offset) override;
  int before_truncate(const File& file, std::uint64_t size) override;
  int before_sync(const File& file) override;
  int before_delete(const std::string& path, bool is_directory_synced) override;

 private:
  [[nodiscard]] bool has_power();

  std::optional<VolatileDisk> disk_;
  std::set<std::string> without_directory_sync_;  ///< new logs and journals
  VolatileDisk::Random random_;
  std::uint64_t operations_ = 0;
  std::uint64_t done_ = 0;
  std::optional<VolatileDisk::Image> survivors_;
};

}  // namespace hearth
