#include "nameserver/store/owner_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace hearth {
namespace {

/// SQLite locks 512 bytes from 1 GiB on (fileformat.html, 1.4), and no others. The file need not be so long.
constexpr off_t locked_byte = 0x7FFFFFFF;

}  // namespace

Result<OwnerLock> OwnerLock::acquire(const std::string& path) {
  OwnerLock lock(open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (lock.descriptor_ < 0) {
    return fail(ErrorKind::storage, fmt::format("the file cannot be opened ({})", std::strerror(errno)));
  }
  struct flock byte {};
  byte.l_type = F_WRLCK;
  byte.l_whence = SEEK_SET;
  byte.l_start = locked_byte;
  byte.l_len = 1;
  // The descriptor's, not the process's: those would go with any other descriptor of the file that is closed. A kernel that
  // does not know them answers EINVAL; there the lock file has to do.
  if (fcntl(lock.descriptor_, F_OFD_SETLK, &byte) != 0 && (errno == EAGAIN || errno == EACCES)) {
    return fail(ErrorKind::storage,
                "another hearthd has the file open, by another name or without its lock file: "
                "stop that one or choose another file with -s");
  }
  return lock;
}

OwnerLock::OwnerLock(OwnerLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

OwnerLock::~OwnerLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace hearth
