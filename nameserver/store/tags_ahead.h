/// TagsAhead: reads the tags of a database while somebody else verifies it: both take half a second for two million tags.
///
/// Layer: store.        Thread rule: one thread at a time; it has a thread and a connection of its own between begin() and end(),
/// which is before the writer's thread begins.
/// Nothing that was read is given away before the verdict, and nothing is written: a damaged page can only make the reading
/// fail, or give rows without end, of which no more are taken than a whole file could hold.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <thread>

#include "nameserver/store/stored_tags.h"

namespace hearth {

class TagsAhead {
 public:
  struct Tags {
    StoredTags tags;
    /// Of the connection that was given to begin(): while it is the same, nobody else has written.
    std::int64_t data_version;
  };

  TagsAhead() = default;
  TagsAhead(const TagsAhead&) = delete;
  TagsAhead& operator=(const TagsAhead&) = delete;
  ~TagsAhead();

  /// `db` is a connection to the file at `path`. Does nothing where it could be in the way: without a write-ahead log readers
  /// and writers wait for each other.
  void begin(SqliteDb& db, const std::string& path, std::uint32_t busy_timeout_ms);
  /// What was read, once it is all there; nullopt if it was not begun, has failed, or the file is not whole, which ends it.
  [[nodiscard]] std::optional<Tags> end(bool is_whole);

 private:
  void run(const std::string& path, std::uint32_t busy_timeout_ms);

  std::atomic<bool> is_given_up_ = false;
  std::int64_t data_version_ = 0;
  std::optional<StoredTags> tags_;  ///< the thread's, until it has ended
  std::thread thread_;
};

/// A number that changes when another connection has written to the file.
[[nodiscard]] Result<std::int64_t> data_version(SqliteDb& db);

}  // namespace hearth
