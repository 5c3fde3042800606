/// PowerLossVfs: files on a disk with a write cache, whose power fails at a chosen operation. Sees what SQLite does, and what
/// our own code does to names and syncs.
///
/// Thread rule and lifetime: as interposed_vfs.h and interposed_calls.h say.
/// What a sync means is what SQLite's own unix VFS makes of it: the first sync of a new journal or log syncs its directory
/// too; that of a database does not. The wal-index (-shm) and lock files are memory and never survive.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "tests/support/interposed_calls.h"
#include "tests/support/interposed_vfs.h"
#include "tests/support/volatile_disk.h"

namespace hearth {

class PowerLossVfs final : public InterposedVfs, private InterposedCalls {
 public:
  PowerLossVfs() : InterposedVfs(Syncs::are_left_out) {}

  /// From now on `directory`, an empty one, is the disk, with the image on it. The power fails instead of the operation with
  /// this number, counted from 0: an open that makes a file, a write, a truncation, a sync, a deletion, a new name.
  void power_on(const std::string& directory, const VolatileDisk::Image& image, std::uint64_t operations,
                std::uint32_t seed);

  /// What is left on the disk, if the power has failed. Every operation fails then.
  [[nodiscard]] const std::optional<VolatileDisk::Image>& survivors() const { return survivors_; }
  /// What is left on it, as of now if the power has not failed. Until power_on() files are just files.
  VolatileDisk::Image unplug();

  /// Called before each operation: for a test that asks what would be left, and lets the power on.
  std::function<void(const VolatileDisk& disk)> before_each;

  /// Without a loss of power: so many of 100 writes and syncs fail.
  unsigned failing_of_100 = 0;

  /// Syncs of these files (SQLITE_OPEN_WAL, SQLITE_OPEN_MAIN_DB) say that they are done and do nothing.
  int lies_about = 0;
  /// Those that our own code asks for.
  bool lies_about_our_directories = false;

  int before_open(const File& file) override;
  void after_open(const File& file) override;
  int before_read(const File&) override { return survivors_ ? SQLITE_IOERR_READ : SQLITE_OK; }
  int before_write(const File& file, std::string_view bytes, std::uint64_t offset) override;
  int before_truncate(const File& file, std::uint64_t size) override;
  int before_sync(const File& file) override;
  int before_delete(const std::string& path, bool is_directory_synced) override;

 private:
  int before_link(const std::string& from, const std::string& to) override;
  int before_rename(const std::string& from, const std::string& to) override;
  int before_unlink(const std::string& path) override;
  int before_fsync(const std::string& path) override;

  [[nodiscard]] bool has_power();
  [[nodiscard]] bool is_failing();

  std::string directory_;
  std::optional<VolatileDisk> disk_;
  std::map<const File*, VolatileDisk::FilePtr> open_files_;
  std::set<std::string> without_directory_sync_;  ///< new logs and journals
  VolatileDisk::Random random_;
  std::uint64_t operations_ = 0;
  std::uint64_t done_ = 0;
  std::optional<VolatileDisk::Image> survivors_;
};

}  // namespace hearth
