/// SqliteEngine: registrations in the database file of both Pyros (PYRO.md section 7), written ahead and synced.
///
/// Layer: store.        Thread rule: as engine.h says.
/// One connection, WAL with synchronous=FULL: with NORMAL a power failure could take back what was acknowledged. Pyro's own
/// tools may read the file, and write it, between our commits.
/// A commit whose sync fails lies in the log whole, and whoever opens the file without our wal-index takes it for committed.
/// So the connection outlives the failure: it voids those frames at once, and reopen() closes it only when it has proved, by
/// a synced write and by emptying the log, that they are gone. Until then, or while another file is in the database's place,
/// reopen() fails. What remains: a commit refused by a failed sync can be found there by the next start if voiding failed too
/// and the process ends before a reopen() has succeeded, or if the power fails before any sync works again.
#pragma once

#include <memory>
#include <optional>

#include "nameserver/store/database_path.h"
#include "nameserver/store/engine.h"
#include "nameserver/store/file_lock.h"
#include "nameserver/store/sqlite_tables.h"

namespace hearth {

struct SqliteOptions {
  std::uint32_t busy_timeout_ms = 5000;  ///< how long another program may hold the file; Python's sqlite3 waits as long
};

class SqliteEngine final : public Engine {
 public:
  /// Takes a file that is ours or Pyro's, or makes a new one. Anything else is refused and left as it was.
  [[nodiscard]] static Result<std::unique_ptr<Engine>> open(const std::string& path, SqliteOptions options = {});
  /// Brings everything into the one file, so that it can be copied and Pyro can open it.
  ~SqliteEngine() override;

  [[nodiscard]] Result<void> load_all(const TakeRegistration& take) override;
  [[nodiscard]] std::vector<Result<Outcome>> commit(std::span<const ChainedMutation> batch) override;
  [[nodiscard]] Result<void> reopen() override;
  [[nodiscard]] std::string description() const override { return "sql:" + path_.shown; }

 private:
  /// The open file. The statements go before the database they belong to.
  struct Connection {
    SqliteDb db;
    std::optional<SqliteTables> tables;
  };

  SqliteEngine(DatabasePath path, FileLock lock, SqliteOptions options)
      : lock_(std::move(lock)), path_(std::move(path)), options_(options) {}

  [[nodiscard]] Result<void> connect(bool create);
  [[nodiscard]] Result<void> check_same_file() const;
  [[nodiscard]] Result<void> retire_connection();
  [[nodiscard]] Result<std::vector<Result<Outcome>>> commit_together(std::span<const ChainedMutation> batch);
  [[nodiscard]] Result<std::vector<Result<Outcome>>> apply_all(std::span<const ChainedMutation> batch);

  FileLock lock_;  // first, so that it is released last
  DatabasePath path_;
  SqliteOptions options_;
  FileIdentity identity_;
  std::unique_ptr<Connection> connection_;
  std::optional<Error> failure_;  ///< why commit() refuses until reopen() has succeeded
};

}  // namespace hearth
