#include "nameserver/store/database_copy.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "nameserver/store/file_copy.h"

namespace hearth {
namespace {

/// As errno says; without the path, which is not for clients.
Error cannot_write() {
  return {ErrorKind::storage, fmt::format("the file cannot be written ({})", std::strerror(errno))};
}

Result<bool> give_name(const std::string& file, const std::string& target) {
  if (!sync_file(file)) return tl::unexpected(cannot_write());
  if (access(target.c_str(), F_OK) == 0) return false;
  // Without a database they are nobody's, and the new one must not meet them, not even after a power failure in between: also
  // those that went before may still be on the disk.
  for (const char* suffix : {"-wal", "-shm", "-journal"}) unlink((target + suffix).c_str());
  if (!sync_directory_of(target)) return tl::unexpected(cannot_write());
  auto renamed = rename_without_replacing(file, target);
  if (!renamed || !sync_directory_of(target)) return tl::unexpected(cannot_write());
  return renamed;
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
