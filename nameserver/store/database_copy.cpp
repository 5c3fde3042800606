#include "nameserver/store/database_copy.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "nameserver/store/file_copy.h"

namespace hearth {
namespace {

Result<bool> give_name(const std::string& file, const std::string& target) {
  if (auto synced = sync_file(file); !synced) return fail(ErrorKind::storage, synced.error().text);
  if (link(file.c_str(), target.c_str()) != 0) {
    if (errno == EEXIST) return false;
    return fail(ErrorKind::storage, fmt::format("the file cannot be written ({})", std::strerror(errno)));
  }
  if (auto synced = sync_directory_of(target); !synced) return fail(ErrorKind::storage, synced.error().text);
  return true;
}

/// Two integers or texts, of which the second and third may be missing.
bool is_same_row(SqliteStatement& one, SqliteStatement& other) {
  for (int column = 0; column < 3; ++column) {
    if (one.integer(column) != other.integer(column) || one.text(column) != other.text(column)) return false;
  }
  return true;
}

Result<bool> give_the_same(SqliteDb& one, SqliteDb& other, std::string_view select) {
  auto rows = one.prepare(select);
  if (!rows) return forward_error(rows);
  auto others = other.prepare(select);
  if (!others) return forward_error(others);
  for (;;) {
    auto row = rows->step();
    if (!row) return forward_error(row);
    auto other_row = others->step();
    if (!other_row) return forward_error(other_row);
    if (*row != *other_row) return false;
    if (!*row) return true;
    if (!is_same_row(*rows, *others)) return false;
  }
}

}  // namespace

Result<bool> copy_database(SqliteDb& db, const std::string& target) {
  const ScratchDatabase scratch(target + ".writing");
  auto copy = db.prepare("VACUUM INTO ?1");
  if (!copy) return forward_error(copy);
  if (auto copied = copy->bind(1, scratch.path()).run(); !copied) return forward_error(copied);
  return give_name(scratch.path(), target);
}

Result<std::string> copy_database_beside(SqliteDb& db, const std::string& path, const std::string& suffix) {
  for (int number = 1;; ++number) {
    std::string target = fmt::format("{}.{}-{}", path, suffix, number);
    if (access(target.c_str(), F_OK) == 0) continue;
    auto copied = copy_database(db, target);
    if (!copied) return forward_error(copied);
    if (*copied) return target;
  }
}

Result<bool> hold_the_same(SqliteDb& one, SqliteDb& other) {
  for (const std::string_view select : {"SELECT id, name, uri FROM pyro_names ORDER BY id",
                                        "SELECT object, metadata, 0 FROM pyro_metadata ORDER BY object, metadata"}) {
    auto same = give_the_same(one, other, select);
    if (!same || !*same) return same;
  }
  return true;
}

}  // namespace hearth
