#include "tests/support/power_loss_vfs.h"

#include <filesystem>

#include "tests/support/files.h"

namespace hearth {
namespace {

std::string name_in(const std::string& path) { return std::filesystem::path(path).filename().string(); }

bool is_log_or_journal(const InterposedVfs::File& file) {
  return file.is(SQLITE_OPEN_WAL) || file.is(SQLITE_OPEN_MAIN_JOURNAL);
}

bool is_on_disk(const InterposedVfs::File& file) { return is_log_or_journal(file) || file.is(SQLITE_OPEN_MAIN_DB); }

}  // namespace

void PowerLossVfs::power_on(const std::string& directory, std::uint64_t operations, std::uint32_t seed) {
  disk_.emplace(read_directory(directory));
  without_directory_sync_.clear();
  random_.seed(seed);
  operations_ = operations;
  done_ = 0;
  survivors_.reset();
}

bool PowerLossVfs::has_power() {
  if (survivors_) return false;
  if (done_++ < operations_) return true;
  survivors_ = disk_->survivors(random_);
  return false;
}

int PowerLossVfs::before_open(const File& file) {
  if (survivors_) return SQLITE_CANTOPEN;
  if (!is_on_disk(file) || !file.is_new || !file.is(SQLITE_OPEN_CREATE)) return SQLITE_OK;
  if (!has_power()) return SQLITE_CANTOPEN;
  disk_->create(name_in(file.path));
  if (is_log_or_journal(file)) without_directory_sync_.insert(file.path);
  return SQLITE_OK;
}

int PowerLossVfs::before_write(const File& file, std::string_view bytes, std::uint64_t offset) {
  if (!is_on_disk(file)) return SQLITE_OK;
  if (!has_power()) return SQLITE_IOERR_WRITE;
  disk_->write(name_in(file.path), bytes, offset);
  return SQLITE_OK;
}

int PowerLossVfs::before_truncate(const File& file, std::uint64_t size) {
  if (!is_on_disk(file)) return SQLITE_OK;
  if (!has_power()) return SQLITE_IOERR_TRUNCATE;
  disk_->truncate(name_in(file.path), size);
  return SQLITE_OK;
}

int PowerLossVfs::before_sync(const File& file) {
  if (!is_on_disk(file)) return SQLITE_OK;
  if (!has_power()) return SQLITE_IOERR_FSYNC;
  if (file.is(lies_about)) return SQLITE_OK;
  disk_->sync(name_in(file.path));
  if (without_directory_sync_.erase(file.path) != 0) disk_->sync_directory();
  return SQLITE_OK;
}

int PowerLossVfs::before_delete(const std::string& path, bool is_directory_synced) {
  if (!has_power()) return SQLITE_IOERR_DELETE;
  disk_->remove(name_in(path));
  without_directory_sync_.erase(path);
  if (is_directory_synced) disk_->sync_directory();
  return SQLITE_OK;
}

}  // namespace hearth
