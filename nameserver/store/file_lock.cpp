#include "nameserver/store/file_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace hearth {
namespace {

/// The process id in a lock file, or "unknown" in the moment before its owner has written it.
std::string holder(int descriptor) {
  std::array<char, 16> text{};
  const ssize_t length = pread(descriptor, text.data(), text.size(), 0);
  std::string digits;
  for (ssize_t i = 0; i < length; ++i) {
    const char c = text[static_cast<std::size_t>(i)];
    if (c < '0' || c > '9') break;
    digits.push_back(c);
  }
  return digits.empty() ? "unknown" : digits;
}

/// False if the owner before us removed the file between our open() and our flock(): then our lock is on no name.
bool is_still_there(const std::string& path, int descriptor) {
  struct stat ours {};
  struct stat named {};
  return fstat(descriptor, &ours) == 0 && stat(path.c_str(), &named) == 0 && ours.st_dev == named.st_dev &&
         ours.st_ino == named.st_ino;
}

/// As well as it goes: on a full disk the lock still counts, only the message to a second hearthd is poorer.
void write_own_id(int descriptor) {
  const std::string text = fmt::format("{}\n", getpid());
  if (ftruncate(descriptor, 0) != 0) return;
  [[maybe_unused]] const ssize_t written = pwrite(descriptor, text.data(), text.size(), 0);
}

}  // namespace

Result<FileLock> FileLock::acquire(const std::string& database, const std::string& shown) {
  std::string path = database + ".lock";
  for (;;) {
    const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (descriptor < 0) {
      return fail(ErrorKind::system, fmt::format("cannot create the lock file {}: {}", path, std::strerror(errno)));
    }
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      const int reason = errno;
      const std::string process = holder(descriptor);
      close(descriptor);
      if (reason == EINTR) continue;
      if (reason != EWOULDBLOCK) {
        return fail(ErrorKind::system, fmt::format("cannot lock {}: {}", path, std::strerror(reason)));
      }
      return fail(ErrorKind::system,
                  fmt::format("{} is in use by another hearthd (process {}): stop it or choose another file with -s",
                              shown, process));
    }
    if (!is_still_there(path, descriptor)) {
      close(descriptor);
      continue;
    }
    write_own_id(descriptor);
    return FileLock(std::move(path), descriptor);
  }
}

FileLock::FileLock(FileLock&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

bool FileLock::is_in_place() const { return is_still_there(path_, descriptor_); }

FileLock::~FileLock() {
  if (descriptor_ < 0) return;
  if (is_in_place()) unlink(path_.c_str());
  close(descriptor_);
}

}  // namespace hearth
