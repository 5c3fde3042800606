#include "tests/support/power_loss_vfs.h"

#include <cerrno>
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

void PowerLossVfs::power_on(const std::string& directory, const VolatileDisk::Image& image, std::uint64_t operations,
                            std::uint32_t seed) {
  for (const auto& [name, bytes] : image.files) write_file(directory + "/" + name, bytes);
  for (const auto& [other, name] : image.other_names) {
    std::filesystem::create_hard_link(directory + "/" + name, directory + "/" + other);
  }
  directory_ = directory;
  disk_.emplace(image);
  open_files_.clear();
  without_directory_sync_.clear();
  random_.seed(seed);
  operations_ = operations;
  done_ = 0;
  survivors_.reset();
}

VolatileDisk::Image PowerLossVfs::unplug() {
  VolatileDisk::Image left = survivors_ ? std::move(*survivors_) : disk_->survivors(random_);
  survivors_.reset();
  disk_.reset();
  return left;
}

bool PowerLossVfs::has_power() {
  if (survivors_) return false;
  if (before_each) before_each(*disk_);
  if (done_++ < operations_) return true;
  survivors_ = disk_->survivors(random_);
  return false;
}

bool PowerLossVfs::is_failing() { return failing_of_100 > 0 && random_() % 100 < failing_of_100; }

int PowerLossVfs::before_open(const File& file) {
  if (survivors_) return SQLITE_CANTOPEN;
  const std::string name = name_in(file.path);
  if (!disk_ || !is_on_disk(file) || disk_->find(name) != nullptr) return SQLITE_OK;
  if (file.is_new && !file.is(SQLITE_OPEN_CREATE)) return SQLITE_OK;
  if (!has_power()) return SQLITE_CANTOPEN;
  const auto made = disk_->create(name);
  if (!file.is_new) made->write(read_file(file.path), 0);  // by our own code, which has not synced it
  if (is_log_or_journal(file)) without_directory_sync_.insert(file.path);
  return SQLITE_OK;
}

void PowerLossVfs::after_open(const File& file) {
  if (disk_ && is_on_disk(file)) open_files_[&file] = disk_->find(name_in(file.path));
}

int PowerLossVfs::before_write(const File& file, std::string_view bytes, std::uint64_t offset) {
  if (!disk_ || !is_on_disk(file)) return SQLITE_OK;
  if (!has_power() || is_failing()) return SQLITE_IOERR_WRITE;
  open_files_.at(&file)->write(bytes, offset);
  return SQLITE_OK;
}

int PowerLossVfs::before_truncate(const File& file, std::uint64_t size) {
  if (!disk_ || !is_on_disk(file)) return SQLITE_OK;
  if (!has_power() || is_failing()) return SQLITE_IOERR_TRUNCATE;
  open_files_.at(&file)->truncate(size);
  return SQLITE_OK;
}

int PowerLossVfs::before_sync(const File& file) {
  if (!disk_ || !is_on_disk(file)) return SQLITE_OK;
  if (!has_power()) return SQLITE_IOERR_FSYNC;
  if (is_failing()) {
    open_files_.at(&file)->fail_sync();
    return SQLITE_IOERR_FSYNC;
  }
  if (file.is(lies_about)) return SQLITE_OK;
  open_files_.at(&file)->sync();
  if (without_directory_sync_.erase(file.path) != 0) disk_->sync_directory();
  return SQLITE_OK;
}

int PowerLossVfs::before_delete(const std::string& path, bool is_directory_synced) {
  if (!disk_) return SQLITE_OK;
  if (!has_power()) return SQLITE_IOERR_DELETE;
  disk_->remove(name_in(path));
  without_directory_sync_.erase(path);
  if (is_directory_synced) disk_->sync_directory();
  return SQLITE_OK;
}

int PowerLossVfs::before_link(const std::string& from, const std::string& to) {
  if (!disk_ || disk_->find(name_in(from)) == nullptr) return 0;
  if (!has_power()) return EIO;
  if (disk_->find(name_in(to)) != nullptr) return EEXIST;
  disk_->link(name_in(from), name_in(to));
  return 0;
}

int PowerLossVfs::before_rename(const std::string& from, const std::string& to) {
  if (!disk_ || disk_->find(name_in(from)) == nullptr) return 0;
  if (!has_power()) return EIO;
  disk_->rename(name_in(from), name_in(to));
  return 0;
}

int PowerLossVfs::before_unlink(const std::string& path) {
  if (!disk_ || disk_->find(name_in(path)) == nullptr) return 0;
  if (!has_power()) return EIO;
  disk_->remove(name_in(path));
  return 0;
}

int PowerLossVfs::before_fsync(const std::string& path) {
  if (!disk_) return 0;
  const bool is_directory = std::filesystem::path(path) == std::filesystem::path(directory_);
  const auto file = disk_->find(name_in(path));
  if (!is_directory && file == nullptr) return 0;
  if (!has_power()) return EIO;
  if (is_failing()) {
    if (file != nullptr) file->fail_sync();
    return EIO;
  }
  if (is_directory && !lies_about_our_directories) disk_->sync_directory();
  if (!is_directory) file->sync();
  return 0;
}

}  // namespace hearth
