/// SqliteDb, SqliteStatement: SQLite as owners and Results. The only header of the store that knows its types.
///
/// Layer: store.        Thread rule: one thread at a time.
/// Ownership: a statement must be destroyed before its database.
/// Errors: texts are for people ("the disk is full") and name no path: clients get to read them. ErrorKind::storage is the
/// file's or the disk's fault; ErrorKind::limit and ErrorKind::malformed are about the values of that one statement.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <hearth/result.h>

#include "protocol/base/bytes.h"

struct sqlite3;
struct sqlite3_stmt;

namespace hearth {

/// What a file that ends too early is reported as, by SQLite or by us.
inline constexpr std::string_view cut_off_text =
    "a file of the database has been cut off: a restart would lose acknowledged changes";

class SqliteStatement {
 public:
  /// Text must stay where it is until the statement has run. What cannot be bound is reported by the next step().
  SqliteStatement& bind(int parameter, std::string_view text);
  SqliteStatement& bind(int parameter, std::int64_t number);

  /// True: a row, to be read before the next call. False: no more rows; the statement is reset. An error resets it too.
  [[nodiscard]] Result<bool> step();
  /// For statements without rows.
  [[nodiscard]] Result<void> run();
  /// Gives up the rest of the rows.
  void reset();

  [[nodiscard]] std::int64_t integer(int column);
  /// nullopt if the column holds no text (NULL, a number, a blob). Valid until the next call.
  [[nodiscard]] std::optional<std::string_view> text(int column);
  /// The same, and nullopt if it is no UTF-8: other programs may have written anything, and no client could be told of it.
  [[nodiscard]] std::optional<std::string_view> utf8_text(int column);

 private:
  friend class SqliteDb;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit SqliteStatement(sqlite3_stmt* statement) : statement_(statement) {}

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bind_error_ = 0;
};

class SqliteDb {
 public:
  /// An existing file, or a new one if `create`.
  [[nodiscard]] static Result<SqliteDb> open(const std::string& path, bool create, std::uint32_t busy_timeout_ms);
  /// To look into an existing file without a trace: takes no lock, makes no side file, replays no journal. What it sees may
  /// be old, or torn if somebody writes.
  [[nodiscard]] static Result<SqliteDb> open_untouched(const std::string& path);

  /// A new database that has its file in memory.
  [[nodiscard]] static Result<SqliteDb> open_in_memory();

  /// The database file itself, as far as transactions that were committed have written it, without a log. Through the
  /// descriptor that SQLite has: to open and close another one would drop its locks, and the file may have no name.
  [[nodiscard]] std::uint64_t file_size_bytes() const;
  /// `bytes_max` from `offset` on, or what there is of them.
  [[nodiscard]] Result<Bytes> read_file(std::uint64_t offset, std::size_t bytes_max) const;

  /// Triggers that stand in the file do not run for what this connection does.
  void disable_triggers();
  /// Closing does not move the log into the file, nor delete it.
  void keep_log_when_closed();

  [[nodiscard]] Result<SqliteStatement> prepare(std::string_view sql);
  /// One or more statements, whose rows are ignored.
  [[nodiscard]] Result<void> execute(const char* sql);
  /// The first column of the first row; nullopt if there is no row or no text in it.
  [[nodiscard]] Result<std::optional<std::string>> first_text(std::string_view sql);

  /// Whether the last error said that the file's content is not what it should be.
  [[nodiscard]] bool has_found_damage() const;

  /// Rows that the last INSERT, UPDATE or DELETE changed.
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] std::int64_t last_insert_id() const;
  /// An error can end a transaction by itself.
  [[nodiscard]] bool is_in_transaction() const;

 private:
  friend class PageCopy;
  struct Close {
    void operator()(sqlite3* db) const;
  };
  explicit SqliteDb(sqlite3* db) : db_(db) {}
  [[nodiscard]] Error error(int code) const;
  [[nodiscard]] static Result<SqliteDb> open_with(const std::string& name, int flags);

  std::unique_ptr<sqlite3, Close> db_;
};

}  // namespace hearth
