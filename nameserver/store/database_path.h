/// DatabasePath: whether a path may hold our database, found out without touching anything.
///
/// Layer: store.        Thread rule: none, plain value; asks the file system.
/// Errors: ErrorKind::system, one line that says what to do.
#pragma once

#include <cstdint>
#include <string>

#include "protocol/base/result.h"

namespace hearth {

/// Which file a path names at the moment, whatever happens to the path later.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  bool operator==(const FileIdentity&) const = default;
};

struct DatabasePath {
  std::string shown;      ///< as the user wrote it
  std::string canonical;  ///< absolute, without symbolic links: SQLite puts its side files there, and so does the lock
  bool exists = false;    ///< holds at least one byte
};

/// Whether the first bytes of a file must be SQLite's. Not where the file may be damaged.
enum class FileStart : unsigned char { sqlite, any };

/// A file that can be read and written and starts as SQLite's do, an empty file, or a name for a new file in a directory
/// that exists and can be written.
[[nodiscard]] Result<DatabasePath> check_database_path(const std::string& path, FileStart start = FileStart::sqlite);

/// Does not open the file: closing it again would drop the locks that SQLite holds on it (POSIX locks go by process).
[[nodiscard]] Result<FileIdentity> file_identity(const DatabasePath& path);

}  // namespace hearth
