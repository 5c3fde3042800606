/// SqliteConnection: the open database: its statements, and the files that SQLite holds for it.
///
/// Layer: store.        Thread rule: one thread at a time.        Errors: as sqlite_db.h says.
/// WAL with synchronous=FULL: with NORMAL a power failure could take back what was acknowledged.
/// A commit whose sync fails lies in the log whole, and whoever opens the file without our wal-index takes it for committed.
/// Only the connection that made it knows better, so it must outlive the failure until retire() has succeeded.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "nameserver/store/foreign_changes.h"
#include "nameserver/store/held_file.h"
#include "nameserver/store/owner_lock.h"
#include "nameserver/store/sqlite_schema.h"
#include "nameserver/store/sqlite_tables.h"
#include "nameserver/store/tags_ahead.h"

namespace hearth {

class SqliteConnection {
 public:
  /// Opens a file that is ours or Pyro's, verifies it and brings its tables up; anything else is left as it was. `create`: a
  /// file that is not there, or has no tables, is a new one; without it that is an error.
  /// A file of `ahead_min_bytes` has its tags read while it is verified, for who is going to load it.
  [[nodiscard]] static Result<std::unique_ptr<SqliteConnection>> open(
      const std::string& path, bool create, std::uint32_t busy_timeout_ms,
      std::optional<std::uint64_t> ahead_min_bytes = std::nullopt);

  [[nodiscard]] SqliteDb& db() { return db_; }
  [[nodiscard]] SqliteTables& tables() { return *tables_; }
  [[nodiscard]] ForeignChanges& foreign_changes() { return *foreign_changes_; }
  [[nodiscard]] const HeldFile& database() const { return *database_; }
  /// The tags that were read while the file was verified, once. Worth nothing after a change through this connection.
  [[nodiscard]] std::optional<TagsAhead::Tags> take_tags_ahead() { return std::exchange(tags_ahead_, std::nullopt); }
  /// Of the database and its log.
  [[nodiscard]] std::uint64_t size_bytes() const { return database_->size_bytes() + log_->size_bytes(); }

  /// Whether the names still lead to the files that SQLite writes to: it would go on writing to those that have none.
  [[nodiscard]] Result<void> check_names() const;
  /// Whether the database or its log has become shorter since the last time that this was asked: another program has compacted
  /// it, or somebody has cut it off. SQLite would go on writing behind the gap.
  [[nodiscard]] bool has_shrunk();

  /// A commit of one page as it is. Its frame takes the place of the first that a failed commit left in the log, and those
  /// behind it are void without that one: each frame's checksum goes on from the one before (fileformat.html, 4.2).
  [[nodiscard]] Result<void> commit_no_change();
  /// Brings all that was committed into the database file, synced, and cuts the log to nothing. Works on the files, wherever
  /// their names lead. False: another program that reads is in the way; the log still holds what it held.
  [[nodiscard]] Result<bool> empty_log();
  /// Both. Afterwards whoever opens the database by its name finds what was acknowledged, and nothing else. A reader in the way
  /// is no error unless the log has lost its name.
  [[nodiscard]] Result<void> retire();

 private:
  enum class LogState : unsigned char {
    whole,
    spent,  ///< cut, but all that was in it is in the database file
    cut     ///< frames are missing that are nowhere else
  };
  SqliteConnection(std::string path, OwnerLock owner, SqliteDb db)
      : path_(std::move(path)), owner_(std::move(owner)), db_(std::move(db)) {}
  [[nodiscard]] Result<void> verify(std::uint32_t busy_timeout_ms, std::optional<std::uint64_t> ahead_min_bytes);
  [[nodiscard]] Result<void> set_up(bool create);
  /// Before a migration.
  [[nodiscard]] Result<void> keep_copy(std::string_view why);
  [[nodiscard]] Result<void> hold_files();
  [[nodiscard]] Result<LogState> look_at_log();

  std::string path_;
  OwnerLock owner_;  // before the database, so that it goes after it
  SqliteDb db_;
  // After the database, so that the statements go before it.
  std::optional<SqliteTables> tables_;
  std::optional<ForeignChanges> foreign_changes_;
  std::optional<HeldFile> database_, log_, log_index_;
  std::optional<TagsAhead::Tags> tags_ahead_;
};

/// Refuses another program's database before SQLite, which tidies up behind crashed writers, has opened it for writing. Only a
/// clear answer counts: a file that is being written, or was when its writer died, may look torn.
[[nodiscard]] Result<void> look_before_opening(const std::string& path);

}  // namespace hearth
