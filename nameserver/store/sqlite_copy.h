/// SqliteCopy: a copy of a database file as of one moment, while others go on writing to it.
///
/// Layer: store.        Thread rule: as engine_copy.h says.
/// A second connection holds a read transaction, beside which writers go on into the log; the log cannot be emptied meanwhile,
/// so the pages go into a file of their own first, which takes as long as the disk needs, and are read from there for as long
/// as a client needs. That file has no name as soon as it is open.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "nameserver/store/engine_copy.h"
#include "nameserver/store/page_copy.h"

namespace hearth {

class SqliteCopy final : public EngineCopy {
 public:
  /// Of the database as the last commit has left it. `path` is in WAL mode.
  [[nodiscard]] static Result<std::unique_ptr<SqliteCopy>> begin(const std::string& path,
                                                                 std::uint32_t busy_timeout_ms);
  /// Removes what a kill has left of one, in the moment before its file lost its name.
  static void remove_leftovers(const std::string& path);

  [[nodiscard]] Result<void> advance(std::size_t bytes) override;
  [[nodiscard]] Progress progress() const override { return progress_; }
  [[nodiscard]] std::uint64_t size_bytes() const override { return target_.file_size_bytes(); }
  [[nodiscard]] Result<Bytes> read(std::uint64_t offset, std::size_t bytes_max) override;

 private:
  SqliteCopy(SqliteDb source, SqliteDb target) : source_(std::move(source)), target_(std::move(target)) {}
  [[nodiscard]] Result<void> take_snapshot();

  std::optional<SqliteDb> source_;  ///< until the copy is complete
  SqliteDb target_;
  std::optional<PageCopy> pages_;  // after the databases, so that it goes before them
  std::int64_t page_bytes_ = 0;
  Progress progress_;
};

}  // namespace hearth
