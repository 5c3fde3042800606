/// InterposedVfs: SQLite's own files with somebody in between who sees each operation first and may answer it instead.
///
/// Thread rule: one thread at a time, and one object at a time.
/// SQLite's default as long as it lives; databases opened meanwhile must be closed before it goes.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace hearth {

class InterposedVfs {
 public:
  struct File {
    std::string path;
    int open_flags = 0;   ///< SQLITE_OPEN_MAIN_DB, SQLITE_OPEN_WAL …
    bool is_new = false;  ///< did not exist when it was opened

    [[nodiscard]] bool is(int kind) const { return (open_flags & kind) != 0; }
  };

  /// `are_left_out` saves the time, where a test keeps its own account of what was synced.
  enum class Syncs : unsigned char { reach_the_disk, are_left_out };

  explicit InterposedVfs(Syncs syncs = Syncs::reach_the_disk);
  virtual ~InterposedVfs();
  InterposedVfs(const InterposedVfs&) = delete;
  InterposedVfs& operator=(const InterposedVfs&) = delete;

  // Called before the operation itself, which happens only if the answer is SQLITE_OK; any other is SQLite's to see.
  virtual int before_open(const File&) { return SQLITE_OK; }
  /// The same object stands for the file until it is closed.
  virtual void after_open(const File&) {}
  virtual int before_read(const File&) { return SQLITE_OK; }
  virtual int before_write(const File&, std::string_view, std::uint64_t /*offset*/) { return SQLITE_OK; }
  virtual int before_truncate(const File&, std::uint64_t /*size*/) { return SQLITE_OK; }
  virtual int before_sync(const File&) { return SQLITE_OK; }
  virtual void after_sync(const File&) {}
  virtual int before_delete(const std::string& /*path*/, bool /*is_directory_synced*/) { return SQLITE_OK; }

 private:
  sqlite3_vfs vfs_;
};

}  // namespace hearth
