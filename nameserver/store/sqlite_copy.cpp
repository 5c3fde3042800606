#include "nameserver/store/sqlite_copy.h"

#include <algorithm>

#include "nameserver/store/file_copy.h"

namespace hearth {
namespace {

std::string scratch_path(const std::string& path) { return path + ".copying"; }

Result<std::int64_t> pragma(SqliteDb& db, std::string_view text) {
  auto statement = db.prepare(text);
  if (!statement) return forward_error(statement);
  if (auto row = statement->step(); !row) return forward_error(row);
  return statement->integer(0);
}

/// Read and write version in the header: 2 of a database with a log, 1 of one without, as this copy is
/// (https://www.sqlite.org/fileformat.html, 1.3.3). A file with a 2 could not be opened where nothing can be written.
constexpr std::uint64_t log_marks[] = {18, 19};
constexpr char no_log = 1;

}  // namespace

Result<std::unique_ptr<SqliteCopy>> SqliteCopy::begin(const std::string& path, std::uint32_t busy_timeout_ms) {
  auto source = SqliteDb::open(path, false, busy_timeout_ms);
  if (!source) return forward_error(source);
  const ScratchDatabase scratch(scratch_path(path));  // its name is gone when this function returns
  auto target = SqliteDb::open(scratch.path(), true, 0);
  if (!target) return forward_error(target);
  // Nobody else sees it, and a copy that fails is thrown away.
  if (auto set = target->execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF"); !set)
    return forward_error(set);
  std::unique_ptr<SqliteCopy> copy(new SqliteCopy(std::move(*source), std::move(*target)));
  if (auto taken = copy->take_snapshot(); !taken) return forward_error(taken);
  return copy;
}

Result<void> SqliteCopy::take_snapshot() {
  if (auto begun = source_->execute("BEGIN"); !begun) return begun;
  auto page_bytes = pragma(*source_, "PRAGMA page_size");
  if (!page_bytes) return forward_error(page_bytes);
  page_bytes_ = *page_bytes;
  auto page_count = pragma(*source_, "PRAGMA page_count");  // the first to read: from here on the snapshot holds
  if (!page_count) return forward_error(page_count);
  progress_.total = static_cast<std::uint64_t>(*page_count);
  auto pages = PageCopy::begin(*source_, target_);
  if (!pages) return forward_error(pages);
  pages_ = std::move(*pages);
  return {};
}

void SqliteCopy::remove_leftovers(const std::string& path) { const ScratchDatabase removed(scratch_path(path)); }

Result<void> SqliteCopy::advance(std::size_t bytes) {
  if (progress_.is_complete) return {};
  const auto pages = std::max<std::int64_t>(static_cast<std::int64_t>(bytes) / page_bytes_, 1);
  auto was_last = pages_->step(static_cast<int>(pages));
  if (!was_last) return forward_error(was_last);
  progress_ = {pages_->pages() - pages_->pages_left(), pages_->pages(), *was_last};
  if (*was_last) {
    pages_.reset();
    source_.reset();
  }
  return {};
}

Result<Bytes> SqliteCopy::read(std::uint64_t offset, std::size_t bytes_max) {
  auto bytes = target_.read_file(offset, bytes_max);
  if (!bytes) return bytes;
  for (const std::uint64_t mark : log_marks) {
    if (mark >= offset && mark - offset < bytes->size()) (*bytes)[mark - offset] = no_log;
  }
  return bytes;
}

}  // namespace hearth
