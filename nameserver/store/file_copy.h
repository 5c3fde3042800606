/// Files under databases: copies of as much as the disk still gives, files that go when they are not needed, syncs.
///
/// Layer: store.        Thread rule: none, plain functions.        Errors: ErrorKind::system, one line.
#pragma once

#include <string>

#include <hearth/result.h>

namespace hearth {

/// What a database needs to be whole, if it is there: the write-ahead log, or the journal of an unfinished change.
inline constexpr const char* log_suffixes[] = {"-wal", "-journal"};

/// A database that is gone, with its log and journal, when the object goes.
class ScratchDatabase {
 public:
  explicit ScratchDatabase(std::string path) : path_(std::move(path)) { remove(); }
  ~ScratchDatabase() { remove(); }
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  void remove() const;

  std::string path_;
};

/// What the disk cannot read any more becomes zeros.
[[nodiscard]] Result<void> copy_readable(const std::string& from, const std::string& to);

/// False: something has the name already. It is not replaced, and the file keeps its own.
[[nodiscard]] Result<bool> rename_without_replacing(const std::string& from, const std::string& to);

[[nodiscard]] Result<void> sync_file(const std::string& path);
/// Makes what happened to the names in the file's directory durable.
[[nodiscard]] Result<void> sync_directory_of(const std::string& path);

}  // namespace hearth
