/// FileLock: one hearthd to a database file.
///
/// Layer: store.        Thread rule: one thread at a time.
/// The flock() on the lock file counts, not the file: one that a kill left behind hinders nobody. It holds the process id
/// of its owner, for the message to the second one. Not a lock on the database itself, which Pyro's tools may go on reading.
/// Errors: ErrorKind::system.
#pragma once

#include <string>

#include <hearth/result.h>

namespace hearth {

class FileLock {
 public:
  /// Locks `database` by the file "<database>.lock". `shown` is what people call the database. Does not wait: held by
  /// another process, the error names that process.
  [[nodiscard]] static Result<FileLock> acquire(const std::string& database, const std::string& shown);

  /// Whether the lock file is still the one that we hold; if not, a second hearthd would not see us.
  [[nodiscard]] bool is_in_place() const;

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  /// Removes the lock file, if it is still ours, and releases the lock.
  ~FileLock();

 private:
  FileLock(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  std::string path_;
  int descriptor_;
};

}  // namespace hearth
