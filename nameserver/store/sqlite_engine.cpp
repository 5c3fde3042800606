#include "nameserver/store/sqlite_engine.h"

#include <fmt/format.h>

#include "nameserver/store/sqlite_load.h"
#include "nameserver/store/sqlite_schema.h"
#include "nameserver/store/sqlite_transaction.h"
#include "nameserver/store/stopped_chains.h"
#include "protocol/base/log.h"

namespace hearth {
namespace {

Result<void> check_ours(Schema schema) {
  if (schema == Schema::foreign) {
    return fail(ErrorKind::storage, "it is the database of another program: choose another file with -s");
  }
  if (schema == Schema::incompatible) {
    return fail(ErrorKind::storage,
                "its tables pyro_names and pyro_metadata are not as Pyro makes them: "
                "choose another file with -s");
  }
  return {};
}

/// Refuses another program's file before SQLite, which tidies up behind crashed writers, has opened it for writing. Only a
/// clear answer counts here: a file that is being written, or was when its writer died, may look torn.
Result<void> look_first(const DatabasePath& path) {
  if (!path.exists) return {};
  auto db = SqliteDb::open_untouched(path.canonical);
  if (!db) return {};
  const auto schema = recognise_schema(*db);
  return schema ? check_ours(*schema) : Result<void>();
}

Result<void> configure(SqliteDb& db) {
  auto mode = db.first_text("PRAGMA journal_mode = WAL");
  if (!mode) return forward_error(mode);
  if (*mode != "wal") {
    return fail(ErrorKind::storage, "this file system cannot hold a write-ahead log: choose another file with -s");
  }
  return db.execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY");
}

/// A commit of one page as it is. Its frame takes the place of the first that a failed commit left in the log, and those
/// behind it are void without that one: each frame's checksum goes on from the one before (fileformat.html, 4.2).
Result<void> commit_no_change(SqliteDb& db) {
  return in_transaction(db, [&]() -> Result<void> {
    auto version = db.prepare("PRAGMA user_version");
    if (!version) return forward_error(version);
    if (auto row = version->step(); !row) return forward_error(row);
    const std::int64_t unchanged = version->integer(0);
    version->reset();
    return db.execute(fmt::format("PRAGMA user_version = {}", unchanged).c_str());
  });
}

/// Brings all that was committed into the database file, synced, and cuts the log to nothing.
Result<void> empty_log(SqliteDb& db) {
  auto checkpoint = db.prepare("PRAGMA wal_checkpoint(TRUNCATE)");
  if (!checkpoint) return forward_error(checkpoint);
  if (auto row = checkpoint->step(); !row) return forward_error(row);
  const bool is_busy = checkpoint->integer(0) != 0;
  const std::int64_t frames_left = checkpoint->integer(1);
  if (is_busy || frames_left != 0) return fail(ErrorKind::storage, "another program keeps the file locked");
  return {};
}

Error with_path(const DatabasePath& path, const Error& error) {
  return {error.kind, fmt::format("{} cannot be used: {}", path.shown, error.text)};
}

}  // namespace

Result<std::unique_ptr<Engine>> SqliteEngine::open(const std::string& path, SqliteOptions options) {
  auto checked = check_database_path(path);
  if (!checked) return forward_error(checked);
  auto lock = FileLock::acquire(checked->canonical, path);
  if (!lock) return forward_error(lock);
  if (auto looked = look_first(*checked); !looked) return tl::unexpected(with_path(*checked, looked.error()));

  std::unique_ptr<SqliteEngine> engine(new SqliteEngine(std::move(*checked), std::move(*lock), options));
  auto connected = engine->connect(true);
  if (!connected) return tl::unexpected(with_path(engine->path_, connected.error()));
  auto identity = file_identity(engine->path_);
  if (!identity) return tl::unexpected(with_path(engine->path_, identity.error()));
  engine->identity_ = *identity;
  return engine;
}

SqliteEngine::~SqliteEngine() {
  if (!connection_) return;
  // What stays behind because a reader is in the way is read from the log at the next start. Also done when the file has been
  // moved: it gets what belongs into it, and a file that has taken its place gets no log that is not its own.
  [[maybe_unused]] const auto emptied = empty_log(connection_->db);
}

Result<void> SqliteEngine::connect(bool create) {
  auto db = SqliteDb::open(path_.canonical, create, options_.busy_timeout_ms);
  if (!db) return forward_error(db);
  auto schema = recognise_schema(*db);
  if (!schema) return forward_error(schema);
  if (auto ours = check_ours(*schema); !ours) return ours;
  if (!create && *schema != Schema::current) return fail(ErrorKind::storage, "the file has lost its tables");
  if (auto configured = configure(*db); !configured) return configured;
  if (auto ready = bring_up_schema(*db, *schema); !ready) return ready;

  std::unique_ptr<Connection> connection(new Connection{std::move(*db), std::nullopt});
  auto tables = SqliteTables::prepare(connection->db);
  if (!tables) return forward_error(tables);
  connection->tables = std::move(*tables);
  connection_ = std::move(connection);
  return {};
}

Result<void> SqliteEngine::check_same_file() const {
  auto identity = file_identity(path_);
  if (!identity) return forward_error(identity);
  if (*identity != identity_) return fail(ErrorKind::storage, "another file has taken the place of the database");
  return {};
}

Result<void> SqliteEngine::load_all(const TakeRegistration& take) {
  if (failure_) return tl::unexpected(*failure_);
  auto loaded = load_registrations(connection_->db, take);
  if (!loaded) return tl::unexpected(with_path(path_, loaded.error()));
  if (loaded->names + loaded->tags > 0) {
    log(LogLevel::warning, LogCategory::store,
        fmt::format("{}: left out {} names and {} tags that are not UTF-8 text or belong to no name", path_.shown,
                    loaded->names, loaded->tags));
  }
  return {};
}

std::vector<Result<Outcome>> SqliteEngine::commit(std::span<const ChainedMutation> batch) {
  if (!failure_) {
    auto results = commit_together(batch);
    if (results) return std::move(*results);
    failure_ = std::move(results.error());
  }
  return std::vector<Result<Outcome>>(batch.size(), tl::unexpected(*failure_));
}

Result<std::vector<Result<Outcome>>> SqliteEngine::commit_together(std::span<const ChainedMutation> batch) {
  // SQLite would go on writing to a file that has no name any more.
  if (auto same = check_same_file(); !same) return forward_error(same);
  bool applied = false;
  auto results = in_transaction(connection_->db, [&] {
    auto outcomes = apply_all(batch);
    applied = outcomes.has_value();
    return outcomes;
  });
  if (!results && applied) {
    // The COMMIT failed, perhaps with all of it in the log and only the sync missing: who opens the file after a kill would
    // take it for committed. If this fails too, reopen() does it.
    [[maybe_unused]] const auto voided = commit_no_change(connection_->db);
  }
  return results;
}

/// The error is the storage's, and all of the batch's.
Result<std::vector<Result<Outcome>>> SqliteEngine::apply_all(std::span<const ChainedMutation> batch) {
  std::vector<Result<Outcome>> results;
  results.reserve(batch.size());
  StoppedChains stopped;
  for (const ChainedMutation& chained : batch) {
    if (stopped.contains(chained.chain)) {
      results.push_back(StoppedChains::not_attempted());
      continue;
    }
    results.push_back(connection_->tables->apply(chained.mutation));
    if (!results.back() && results.back().error().kind == ErrorKind::storage) return forward_error(results.back());
    stopped.note(chained.chain, results.back());
  }
  return results;
}

Result<void> SqliteEngine::reopen() {
  auto done = check_same_file();
  if (done && connection_) done = retire_connection();
  if (done) done = connect(false);
  failure_ = done ? std::nullopt : std::optional(done.error());
  return done;
}

/// Only this connection knows where in the log the acknowledged commits end: any other would find a refused one there.
Result<void> SqliteEngine::retire_connection() {
  if (auto voided = commit_no_change(connection_->db); !voided) return voided;
  if (auto emptied = empty_log(connection_->db); !emptied) return emptied;
  connection_.reset();
  return {};
}

}  // namespace hearth
