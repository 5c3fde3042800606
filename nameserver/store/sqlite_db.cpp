#include "nameserver/store/sqlite_db.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include "protocol/base/check.h"
#include "protocol/base/wtf8.h"

namespace hearth {
namespace {

constexpr std::string_view full_text = "the disk is full";
constexpr std::string_view read_only_text = "the file or its file system is read-only";

/// Of the last failure; 0 if nobody knows. For a COMMIT only the log's file keeps it.
int system_error(sqlite3* db) {
  int error = sqlite3_system_errno(db);
  sqlite3_file* log = nullptr;
  if (error == 0 && sqlite3_file_control(db, nullptr, SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK &&
      log != nullptr && log->pMethods != nullptr) {
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &error);
  }
  return error;
}

/// `text`, and the kernel's reason. SQLite gives some a code of their own, but not at each place.
std::string with_system_error(sqlite3* db, std::string_view text) {
  const int error = system_error(db);
  switch (error) {
    case 0: return std::string(text);
    case ENOSPC: return std::string(full_text);
    case EROFS: return std::string(read_only_text);
    default: return fmt::format("{} ({})", text, std::strerror(error));
  }
}

std::string reason(sqlite3* db, int code) {
  if (code == SQLITE_IOERR_SHORT_READ) return std::string(cut_off_text);
  switch (code & 0xFF) {
    case SQLITE_FULL: return std::string(full_text);
    case SQLITE_IOERR: return with_system_error(db, "the disk reports an error");
    case SQLITE_READONLY: return std::string(read_only_text);
    case SQLITE_CORRUPT: return "the file is damaged";
    case SQLITE_NOTADB: return "the file is not an SQLite database";
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "another program keeps the file locked";
    case SQLITE_CANTOPEN: return with_system_error(db, "the file cannot be opened");
    case SQLITE_PERM:
    case SQLITE_AUTH: return "no permission for the file";
    case SQLITE_NOMEM: return "out of memory";
    case SQLITE_TOOBIG: return "a text is too long for the storage";
    default: return sqlite3_errmsg(db);
  }
}

Error sqlite_error(sqlite3* db, int code) {
  switch (code & 0xFF) {
    case SQLITE_TOOBIG: return {ErrorKind::limit, reason(db, code)};
    case SQLITE_CONSTRAINT: return {ErrorKind::malformed, fmt::format("refused by the database: {}", reason(db, code))};
    default: return {ErrorKind::storage, reason(db, code)};
  }
}

sqlite3_file* file_of(sqlite3* db) {
  sqlite3_file* file = nullptr;
  HEARTH_CHECK(sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK);
  return file;
}

/// A path inside a "file:" URI: `?` and `#` would end it and `%` starts an escape.
std::string uri_path(const std::string& path) {
  std::string escaped;
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      escaped += fmt::format("%{:02x}", static_cast<unsigned>(c));
    } else {
      escaped.push_back(c);
    }
  }
  return escaped;
}

}  // namespace

SqliteStatement& SqliteStatement::bind(int parameter, std::string_view text) {
  // A null pointer would bind NULL, and a default string_view has one.
  const char* data = text.data() != nullptr ? text.data() : "";
  const int code = sqlite3_bind_text64(statement_.get(), parameter, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK && bind_error_ == SQLITE_OK) bind_error_ = code;
  return *this;
}

SqliteStatement& SqliteStatement::bind(int parameter, std::int64_t number) {
  const int code = sqlite3_bind_int64(statement_.get(), parameter, number);
  if (code != SQLITE_OK && bind_error_ == SQLITE_OK) bind_error_ = code;
  return *this;
}

Result<bool> SqliteStatement::step() {
  const int code = bind_error_ != SQLITE_OK ? bind_error_ : sqlite3_step(statement_.get());
  bind_error_ = SQLITE_OK;
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  Error error = sqlite_error(sqlite3_db_handle(statement_.get()), code);
  reset();
  return tl::unexpected<Error>(std::move(error));
}

Result<void> SqliteStatement::run() {
  auto stepped = step();
  if (!stepped) return forward_error(stepped);
  HEARTH_CHECK(!*stepped);
  return {};
}

void SqliteStatement::reset() { sqlite3_reset(statement_.get()); }

std::int64_t SqliteStatement::integer(int column) { return sqlite3_column_int64(statement_.get(), column); }

std::optional<std::string_view> SqliteStatement::text(int column) {
  // Asked for once, which is a third of the cost for millions of rows. It is "unprotected" (c3ref/value.html), which makes no
  // difference without mutexes.
  sqlite3_value* const value = sqlite3_column_value(statement_.get(), column);
  if (sqlite3_value_type(value) != SQLITE_TEXT) return std::nullopt;
  const unsigned char* text = sqlite3_value_text(value);
  if (text == nullptr) return std::nullopt;  // out of memory while converting from UTF-16
  const int size = sqlite3_value_bytes(value);
  return std::string_view(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
}

std::optional<std::string_view> SqliteStatement::utf8_text(int column) {
  const auto found = text(column);
  return found && is_utf8(*found) ? found : std::nullopt;
}

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Result<SqliteDb> SqliteDb::open_with(const std::string& name, int flags) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  if (raw == nullptr) return fail(ErrorKind::storage, "out of memory");
  SqliteDb db(raw);
  if (code != SQLITE_OK) return tl::unexpected<Error>(sqlite_error(raw, code));
  return db;
}

Result<SqliteDb> SqliteDb::open(const std::string& path, bool create, std::uint32_t busy_timeout_ms) {
  auto db = open_with(path, SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0));
  if (db) sqlite3_busy_timeout(db->db_.get(), static_cast<int>(busy_timeout_ms));
  return db;
}

Result<SqliteDb> SqliteDb::open_untouched(const std::string& path) {
  return open_with(fmt::format("file:{}?immutable=1", uri_path(path)), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
}

Result<SqliteDb> SqliteDb::open_in_memory() {
  auto db = open_with("file:unshared?vfs=memdb", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI);
  if (!db) return db;
  sqlite3_int64 size_max = std::numeric_limits<sqlite3_int64>::max();  // instead of 1 GiB
  sqlite3_file_control(db->db_.get(), "main", SQLITE_FCNTL_SIZE_LIMIT, &size_max);
  return db;
}

std::uint64_t SqliteDb::file_size_bytes() const {
  sqlite3_int64 size = 0;
  sqlite3_file* const file = file_of(db_.get());
  return file->pMethods->xFileSize(file, &size) == SQLITE_OK ? static_cast<std::uint64_t>(size) : 0;
}

Result<Bytes> SqliteDb::read_file(std::uint64_t offset, std::size_t bytes_max) const {
  const std::uint64_t size = file_size_bytes();
  Bytes bytes(std::min<std::uint64_t>(size - std::min(offset, size), bytes_max), '\0');
  if (bytes.empty()) return bytes;
  sqlite3_file* const file = file_of(db_.get());
  const int code =
      file->pMethods->xRead(file, bytes.data(), static_cast<int>(bytes.size()), static_cast<sqlite3_int64>(offset));
  if (code != SQLITE_OK) return tl::unexpected<Error>(error(code));
  return bytes;
}

void SqliteDb::disable_triggers() {
  HEARTH_CHECK(sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr) == SQLITE_OK);
}

void SqliteDb::keep_log_when_closed() {
  HEARTH_CHECK(sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr) == SQLITE_OK);
}

Result<SqliteStatement> SqliteDb::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(db_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &statement, nullptr);
  if (code != SQLITE_OK) return tl::unexpected<Error>(error(code));
  return SqliteStatement(statement);
}

Result<void> SqliteDb::execute(const char* sql) {
  const int code = sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return tl::unexpected<Error>(error(code));
  return {};
}

Result<std::optional<std::string>> SqliteDb::first_text(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return forward_error(statement);
  auto row = statement->step();
  if (!row) return forward_error(row);
  std::optional<std::string> found;
  if (*row) found = statement->text(0);
  return found;
}

Error SqliteDb::error(int code) const { return sqlite_error(db_.get(), code); }

bool SqliteDb::has_found_damage() const {
  const int code = sqlite3_errcode(db_.get()) & 0xFF;
  return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

std::int64_t SqliteDb::changes() const { return sqlite3_changes64(db_.get()); }

std::int64_t SqliteDb::last_insert_id() const { return sqlite3_last_insert_rowid(db_.get()); }

bool SqliteDb::is_in_transaction() const { return sqlite3_get_autocommit(db_.get()) == 0; }

void SqliteDb::Close::operator()(sqlite3* db) const {
  const int code = sqlite3_close(db);
  HEARTH_CHECK(code == SQLITE_OK);  // else a statement has outlived its database
}

}  // namespace hearth
