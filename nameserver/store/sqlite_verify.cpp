#include "nameserver/store/sqlite_verify.h"

#include <fmt/format.h>

#include <algorithm>

namespace hearth {
namespace {

/// SQLite begins with a line of its own: "*** in database main ***".
std::string in_one_line(std::string verdict) {
  constexpr std::string_view headline = "***\n";
  const std::size_t end = verdict.find(headline);
  if (end != std::string::npos) verdict.erase(0, end + headline.size());
  std::replace(verdict.begin(), verdict.end(), '\n', ' ');
  return verdict;
}

}  // namespace

Result<void> verify_database(SqliteDb& db) {
  auto verdict = db.first_text("PRAGMA quick_check(1)");
  if (!verdict && !db.has_found_damage()) return forward_error(verdict);
  if (verdict && *verdict == "ok") return {};
  const std::string detail = verdict ? fmt::format(" ({})", in_one_line(verdict->value_or(""))) : "";
  return fail(ErrorKind::storage,
              fmt::format("the file is damaged{}: hearthd --recover saves what can still be read of it", detail));
}

}  // namespace hearth
