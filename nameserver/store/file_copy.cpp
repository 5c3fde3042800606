#include "nameserver/store/file_copy.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace hearth {
namespace {

/// An open file descriptor.
class OpenFile {
 public:
  OpenFile(const std::string& path, int flags, mode_t mode = 0)
      : descriptor_(open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  [[nodiscard]] explicit operator bool() const { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

tl::unexpected<Error> system_error(const char* what, const std::string& path) {
  return fail(ErrorKind::system, fmt::format("cannot {} {}: {}", what, path, std::strerror(errno)));
}

}  // namespace

void ScratchDatabase::remove() const {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) unlink((path_ + suffix).c_str());
}

Result<void> copy_readable(const std::string& from, const std::string& to) {
  const OpenFile source(from, O_RDONLY);
  if (!source) return system_error("read", from);
  struct stat found {};
  if (fstat(source.descriptor(), &found) != 0) return system_error("read", from);
  const OpenFile target(to, O_WRONLY | O_CREAT | O_TRUNC, found.st_mode & 0777);
  if (!target) return system_error("write", to);

  std::array<char, 4096> block{};  // no larger: an unreadable sector costs all of its block
  for (off_t offset = 0; offset < found.st_size;) {
    const auto wanted = std::min<off_t>(found.st_size - offset, block.size());
    ssize_t length = pread(source.descriptor(), block.data(), static_cast<std::size_t>(wanted), offset);
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) {
      block.fill('\0');
      length = wanted;
    }
    const ssize_t written = pwrite(target.descriptor(), block.data(), static_cast<std::size_t>(length), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return system_error("write", to);
    offset += written;
  }
  return {};
}

Result<bool> rename_without_replacing(const std::string& from, const std::string& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno == EINVAL && link(from.c_str(), to.c_str()) == 0) {  // a file system that knows no such rename
    unlink(from.c_str());
    return true;
  }
  if (errno == EEXIST) return false;
  return system_error("write", to);
}

Result<void> sync_file(const std::string& path) {
  const OpenFile file(path, O_RDONLY);
  if (!file || fsync(file.descriptor()) != 0) return system_error("write", path);
  return {};
}

Result<void> sync_directory_of(const std::string& path) {
  const std::string directory = path.substr(0, path.rfind('/') + 1);
  const OpenFile opened(directory.empty() ? "." : directory, O_RDONLY | O_DIRECTORY);
  if (!opened || fsync(opened.descriptor()) != 0) return system_error("write", directory);
  return {};
}

}  // namespace hearth
