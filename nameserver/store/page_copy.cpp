#include "nameserver/store/page_copy.h"

#include <sqlite3.h>

namespace hearth {

Result<PageCopy> PageCopy::begin(SqliteDb& source, SqliteDb& target) {
  sqlite3_backup* backup = sqlite3_backup_init(target.db_.get(), "main", source.db_.get(), "main");
  if (backup == nullptr) return tl::unexpected<Error>(target.error(sqlite3_extended_errcode(target.db_.get())));
  return PageCopy(target, backup);
}

Result<bool> PageCopy::step(int pages) {
  const int code = sqlite3_backup_step(backup_.get(), pages);
  if (code == SQLITE_OK) return false;
  if (code == SQLITE_DONE) return true;
  return tl::unexpected<Error>(target_->error(code));
}

std::uint64_t PageCopy::pages_left() const {
  return static_cast<std::uint64_t>(sqlite3_backup_remaining(backup_.get()));
}

std::uint64_t PageCopy::pages() const { return static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup_.get())); }

void PageCopy::Finish::operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }

}  // namespace hearth
