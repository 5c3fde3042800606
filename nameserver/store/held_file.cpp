#include "nameserver/store/held_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace hearth {

Result<HeldFile> HeldFile::at(const std::string& path) {
  HeldFile file(open(path.c_str(), O_PATH | O_CLOEXEC));
  struct stat found {};
  if (file.descriptor_ < 0 || fstat(file.descriptor_, &found) != 0) {
    return fail(ErrorKind::storage, fmt::format("the file cannot be reached ({})", std::strerror(errno)));
  }
  file.device_ = found.st_dev;
  file.inode_ = found.st_ino;
  file.bytes_ = static_cast<std::uint64_t>(found.st_size);
  return file;
}

HeldFile::HeldFile(HeldFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      device_(other.device_),
      inode_(other.inode_),
      bytes_(other.bytes_) {}

HeldFile::~HeldFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool HeldFile::is_at(const std::string& path) const {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_;
}

bool HeldFile::has_name() const {
  struct stat found {};
  return fstat(descriptor_, &found) == 0 && found.st_nlink > 0;
}

bool HeldFile::has_shrunk() {
  const std::uint64_t before = std::exchange(bytes_, size_bytes());
  return bytes_ < before;
}

std::uint64_t HeldFile::size_bytes() const {
  struct stat found {};
  return fstat(descriptor_, &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
}

}  // namespace hearth
