/// DatabasePath: whether a path may hold our database, found out without touching anything.
///
/// Layer: store.        Thread rule: none, plain value; asks the file system.
/// Errors: ErrorKind::system, one line that says what to do.
#pragma once

#include <string>

#include <hearth/result.h>

namespace hearth {

struct DatabasePath {
  std::string shown;      ///< as the user wrote it
  std::string canonical;  ///< absolute, without symbolic links: SQLite puts its side files there, and so does the lock
  bool exists = false;    ///< holds at least one byte
};

/// Whether the first bytes of a file must be SQLite's. Not where the file may be damaged.
enum class FileStart : unsigned char { sqlite, any };

/// A file that can be read and written and starts as SQLite's do, an empty file, or a name for a new file in a directory
/// that exists and can be written. Nothing new where the log of a database has been left behind: SQLite would delete it.
[[nodiscard]] Result<DatabasePath> check_database_path(const std::string& path, FileStart start = FileStart::sqlite);

}  // namespace hearth
