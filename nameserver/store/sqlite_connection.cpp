#include "nameserver/store/sqlite_connection.h"

#include <fmt/format.h>

#include "nameserver/store/database_copy.h"
#include "nameserver/store/sqlite_transaction.h"
#include "nameserver/store/sqlite_verify.h"
#include "protocol/base/log.h"

namespace hearth {
namespace {

Result<void> check_ours(Schema schema) {
  if (schema == Schema::foreign) {
    return fail(ErrorKind::storage, "it is the database of another program: choose another file with -s");
  }
  if (schema == Schema::newer) {
    return fail(ErrorKind::storage, "it was written by a newer hearthd: use that one or choose another file with -s");
  }
  if (schema == Schema::incompatible) {
    return fail(ErrorKind::storage,
                "its tables pyro_names and pyro_metadata are not as Pyro makes them: "
                "choose another file with -s");
  }
  return {};
}

Result<void> configure(SqliteDb& db) {
  auto mode = db.first_text("PRAGMA journal_mode = WAL");
  if (!mode) return forward_error(mode);
  if (*mode != "wal") {
    return fail(ErrorKind::storage, "this file system cannot hold a write-ahead log: choose another file with -s");
  }
  return db.execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY");
}

}  // namespace

Result<void> look_before_opening(const std::string& path) {
  auto db = SqliteDb::open_untouched(path);
  if (!db) return {};
  const auto schema = recognise_schema(*db);
  return schema ? check_ours(*schema) : Result<void>();
}

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path, bool create,
                                                                 std::uint32_t busy_timeout_ms,
                                                                 std::optional<std::uint64_t> ahead_min_bytes) {
  auto db = SqliteDb::open(path, create, busy_timeout_ms);
  if (!db) return forward_error(db);
  auto owner = OwnerLock::acquire(path);
  if (!owner) return forward_error(owner);
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(path, std::move(*owner), std::move(*db)));
  if (auto whole = connection->verify(busy_timeout_ms, ahead_min_bytes); !whole) return forward_error(whole);
  if (auto done = connection->set_up(create); !done) return forward_error(done);
  return connection;
}

/// The other reader has gone when this returns: nothing is written to the file beside it.
Result<void> SqliteConnection::verify(std::uint32_t busy_timeout_ms, std::optional<std::uint64_t> ahead_min_bytes) {
  TagsAhead ahead;
  if (ahead_min_bytes && db_.file_size_bytes() >= *ahead_min_bytes) ahead.begin(db_, path_, busy_timeout_ms);
  auto whole = verify_database(db_);
  if (auto read = ahead.end(whole.has_value())) tags_ahead_.emplace(std::move(*read));
  return whole;
}

Result<void> SqliteConnection::set_up(bool create) {
  auto schema = recognise_schema(db_);
  if (!schema) return forward_error(schema);
  if (!create && *schema != Schema::current) return fail(ErrorKind::storage, "the file has lost its tables");
  if (auto ours = check_ours(*schema); !ours) return ours;
  if (auto configured = configure(db_); !configured) return configured;
  if (*schema == Schema::names_only) {
    if (auto kept = keep_copy("taking over names of a very old Pyro4"); !kept) return kept;
  }
  auto is_earlier = has_earlier_version(db_);
  if (!is_earlier) return forward_error(is_earlier);
  if (*is_earlier) {
    if (auto kept = keep_copy("bringing up the file of an earlier hearthd, which will not open it any more"); !kept)
      return kept;
  }
  if (auto ready = bring_up_schema(db_, *schema); !ready) return ready;

  db_.disable_triggers();  // ours are for everybody else, see foreign_changes.h
  auto tables = SqliteTables::prepare(db_);
  if (!tables) return forward_error(tables);
  tables_ = std::move(*tables);
  auto foreign_changes = ForeignChanges::prepare(db_);
  if (!foreign_changes) return forward_error(foreign_changes);
  foreign_changes_ = std::move(*foreign_changes);
  return hold_files();
}

Result<void> SqliteConnection::keep_copy(std::string_view why) {
  auto copied = copy_database_beside(db_, path_, "before-migration");
  if (!copied) return forward_error(copied);
  log(LogLevel::warning, LogCategory::store,
      fmt::format("{}: {}; a copy of the file as it was is {}", path_, why, *copied));
  return {};
}

Result<void> SqliteConnection::hold_files() {
  const std::pair<std::optional<HeldFile>*, const char*> files[] = {
      {&database_, ""}, {&log_, "-wal"}, {&log_index_, "-shm"}};
  for (const auto& [file, suffix] : files) {
    auto held = HeldFile::at(path_ + suffix);
    if (!held) return forward_error(held);
    file->emplace(std::move(*held));
  }
  return {};
}

Result<void> SqliteConnection::check_names() const {
  if (!database_->is_at(path_)) {
    auto found = HeldFile::at(path_);
    if (!found) return forward_error(found);
    return fail(ErrorKind::storage, "another file has taken the place of the database");
  }
  if (!log_->is_at(path_ + "-wal") || !log_index_->is_at(path_ + "-shm")) {
    return fail(ErrorKind::storage, "the log of the database has been removed or replaced");
  }
  return {};
}

bool SqliteConnection::has_shrunk() {
  const bool has_database_shrunk = database_->has_shrunk();
  return log_->has_shrunk() || has_database_shrunk;
}

Result<void> SqliteConnection::commit_no_change() {
  return in_transaction(db_, [&]() -> Result<void> {
    auto version = db_.prepare("PRAGMA user_version");
    if (!version) return forward_error(version);
    if (auto row = version->step(); !row) return forward_error(row);
    const std::int64_t unchanged = version->integer(0);
    version->reset();
    return db_.execute(fmt::format("PRAGMA user_version = {}", unchanged).c_str());
  });
}

/// By a checkpoint that waits for nobody: it tells how many frames should be there, and fails if it needs one that is not.
Result<SqliteConnection::LogState> SqliteConnection::look_at_log() {
  constexpr std::int64_t log_header_bytes = 32;  // fileformat.html, 4.1
  constexpr std::int64_t frame_header_bytes = 24;
  auto page_size = db_.prepare("PRAGMA page_size");
  if (!page_size) return forward_error(page_size);
  if (auto row = page_size->step(); !row) return forward_error(row);
  auto checkpoint = db_.prepare("PRAGMA wal_checkpoint(PASSIVE)");
  if (!checkpoint) return forward_error(checkpoint);
  if (auto row = checkpoint->step(); !row) return forward_error(row);
  const std::int64_t frames = checkpoint->integer(1);
  const std::int64_t frames_in_database = checkpoint->integer(2);
  const std::int64_t bytes = log_header_bytes + frames * (page_size->integer(0) + frame_header_bytes);
  if (frames <= 0 || log_->size_bytes() >= static_cast<std::uint64_t>(bytes)) return LogState::whole;
  return frames == frames_in_database ? LogState::spent : LogState::cut;
}

Result<bool> SqliteConnection::empty_log() {
  auto checkpoint = db_.prepare("PRAGMA wal_checkpoint(TRUNCATE)");
  if (!checkpoint) return forward_error(checkpoint);
  if (auto row = checkpoint->step(); !row) return forward_error(row);
  const bool is_busy = checkpoint->integer(0) != 0;
  const std::int64_t frames_left = checkpoint->integer(1);
  return !is_busy && frames_left == 0;
}

Result<void> SqliteConnection::retire() {
  auto log = look_at_log();
  if (!log) return forward_error(log);
  if (*log == LogState::cut) return fail(ErrorKind::storage, std::string(cut_off_text));
  // What is written behind a gap would be lost with it.
  if (*log == LogState::whole) {
    if (auto voided = commit_no_change(); !voided) return voided;
  }
  auto emptied = empty_log();
  if (!emptied) return forward_error(emptied);
  if (*emptied || (*log == LogState::whole && check_names())) return {};
  return fail(ErrorKind::storage, "another program keeps the file locked");
}

}  // namespace hearth
