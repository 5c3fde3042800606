/// SqliteEngine: registrations in the database file of both Pyros (PYRO.md section 7), written ahead and synced.
///
/// Layer: store.        Thread rule: as engine.h says.
/// One connection (sqlite_connection.h). Pyro's own tools may read the file, and write it, between our commits.
/// After a failure the connection is kept until reopen() has brought all that was acknowledged, and nothing of what was refused,
/// to a place that is proved:
/// - the path leads to our file: refused commits are voided in the log at once, and the log is emptied, synced, before the file
///   is opened afresh and verified. That also heals a log that lost its name: SQLite still has it open.
/// - the path leads nowhere: the file was removed or moved away. SQLite still has it open too, so a copy of it takes the name.
/// - the path leads to another file: that may be what an operator wants to use, so it is not touched. If it holds the same, it
///   is taken. If not, changes are refused until it is gone or hearthd is started again, and a copy of what was acknowledged is
///   kept beside it, if our file has no name any more.
/// What remains: a commit refused by a failed sync can be found in the log by the next start if voiding failed too and the
/// process ends before a reopen() has succeeded, or if the power fails before any sync works again; and what was acknowledged
/// into a file that has lost its name is gone if the process is killed before the next commit notices.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "nameserver/store/database_path.h"
#include "nameserver/store/engine.h"
#include "nameserver/store/file_lock.h"
#include "nameserver/store/sqlite_connection.h"

namespace hearth {

struct SqliteOptions {
  std::uint32_t busy_timeout_ms = 5000;  ///< how long another program may hold the file; Python's sqlite3 waits as long
  std::uint64_t ahead_min_bytes = 8'000'000;  ///< a smaller file is read in less than 0.1 s: not worth a thread
};

class SqliteEngine final : public Engine {
 public:
  /// Takes a file that is ours or Pyro's, or makes a new one. Anything else is refused and left as it was.
  [[nodiscard]] static Result<std::unique_ptr<Engine>> open(const std::string& path, SqliteOptions options = {});
  /// Brings everything into the one file, so that it can be copied and Pyro can open it.
  ~SqliteEngine() override;

  [[nodiscard]] Result<void> load_all(const TakeRegistration& take) override;
  [[nodiscard]] Result<void> load_owners(const TakeOwner& take) override;
  [[nodiscard]] std::vector<Result<Outcome>> commit(std::span<const ChainedMutation> batch) override;
  [[nodiscard]] std::vector<Mutation> take_foreign_changes() override { return std::exchange(foreign_changes_, {}); }
  [[nodiscard]] Result<void> reopen() override;
  [[nodiscard]] Result<std::unique_ptr<EngineCopy>> begin_copy() override;
  [[nodiscard]] std::uint64_t size_bytes() const override { return connection_ ? connection_->size_bytes() : 0; }
  [[nodiscard]] std::string description() const override { return "sql:" + path_.shown; }

 private:
  SqliteEngine(DatabasePath path, FileLock lock, SqliteOptions options)
      : lock_(std::move(lock)), path_(std::move(path)), options_(options) {}

  [[nodiscard]] Result<std::vector<Result<Outcome>>> commit_together(std::span<const ChainedMutation> batch);
  [[nodiscard]] Result<std::vector<Result<Outcome>>> apply_all(std::span<const ChainedMutation> batch);
  [[nodiscard]] Result<void> recover();
  [[nodiscard]] Result<void> check_directory() const;
  [[nodiscard]] Result<void> keep_lock();
  [[nodiscard]] Result<void> open_afresh();
  [[nodiscard]] Result<void> move_to_new_file();
  [[nodiscard]] Result<void> take_other_file();
  void keep_copy_of_nameless_file();

  std::optional<FileLock> lock_;  // first, so that it is released last
  DatabasePath path_;
  SqliteOptions options_;
  std::unique_ptr<SqliteConnection> connection_;
  std::optional<Error> failure_;  ///< why commit() refuses until reopen() has succeeded
  std::vector<Mutation> foreign_changes_;
  bool has_copy_ = false;  ///< of what was acknowledged into a file that has no name any more
};

}  // namespace hearth
