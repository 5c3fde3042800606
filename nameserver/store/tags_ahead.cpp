#include "nameserver/store/tags_ahead.h"

#include <utility>

namespace hearth {
namespace {

/// Its place in the page, two lengths, the row's id, the record's header, and not even a letter.
constexpr std::uint64_t row_min_bytes = 8;

}  // namespace

Result<std::int64_t> data_version(SqliteDb& db) {
  auto version = db.prepare("PRAGMA data_version");
  if (!version) return forward_error(version);
  if (auto row = version->step(); !row) return forward_error(row);
  return version->integer(0);
}

TagsAhead::~TagsAhead() { static_cast<void>(end(false)); }

void TagsAhead::begin(SqliteDb& db, const std::string& path, std::uint32_t busy_timeout_ms) {
  // Before the mode, which SQLite knows only when it has looked into the file.
  const auto version = data_version(db);
  if (!version) return;
  const auto mode = db.first_text("PRAGMA journal_mode");
  if (!mode || *mode != "wal") return;
  data_version_ = *version;
  thread_ = std::thread([this, path, busy_timeout_ms] { run(path, busy_timeout_ms); });
}

/// Errors are found again by whoever reads then. So are more rows than a whole file could hold.
void TagsAhead::run(const std::string& path, std::uint32_t busy_timeout_ms) {
  auto db = SqliteDb::open(path, false, busy_timeout_ms);
  if (!db) return;
  std::uint64_t rows_left = db->file_size_bytes() / row_min_bytes;
  auto tags =
      StoredTags::read_unless(*db, [&] { return rows_left-- == 0 || is_given_up_.load(std::memory_order_relaxed); });
  if (tags && *tags) tags_.emplace(std::move(**tags));
}

std::optional<TagsAhead::Tags> TagsAhead::end(bool is_whole) {
  if (!thread_.joinable()) return std::nullopt;
  is_given_up_ = !is_whole;
  thread_.join();
  if (!is_whole || !tags_) return std::nullopt;
  return Tags{std::move(*tags_), data_version_};
}

}  // namespace hearth
