/// OwnerLock: one hearthd to a database, whatever names lead to it.
///
/// Layer: store.        Thread rule: one thread at a time.
/// FileLock goes by the name of the file, so it does not see a hearthd that has another one for it (a hard link, a file mounted
/// elsewhere), or whose lock file was removed. Two of them would write to the file past each other: SQLite lets them, and with
/// two names each has a log of its own. This one is on the file itself, on a byte that SQLite does not know.
/// Ownership: holds a descriptor of the file. Closing it drops the locks that SQLite has on the file (POSIX locks go by
/// process), so it must go after SQLite has closed it.
#pragma once

#include <string>

#include <hearth/result.h>

namespace hearth {

class OwnerLock {
 public:
  /// Does not wait. ErrorKind::storage if another process has it, or the file cannot be opened.
  [[nodiscard]] static Result<OwnerLock> acquire(const std::string& path);

  OwnerLock(OwnerLock&& other) noexcept;
  OwnerLock& operator=(OwnerLock&&) = delete;
  ~OwnerLock();

 private:
  explicit OwnerLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace hearth
