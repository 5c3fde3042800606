#include "nameserver/store/database_reader.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>

#include "nameserver/store/sqlite_schema.h"

namespace hearth {
namespace {

/// As long as Python's sqlite3 waits for a writer.
constexpr std::uint32_t busy_timeout_ms = 5000;
/// https://www.sqlite.org/fileformat.html, 1.3.1
constexpr std::string_view sqlite_magic{"SQLite format 3", 16};

struct Opened {
  SqliteDb db;
  Schema schema;
};

Result<Opened> recognised(Result<SqliteDb> db) {
  if (!db) return forward_error(db);
  auto schema = recognise_schema(*db);
  if (!schema) return forward_error(schema);
  return Opened{std::move(*db), *schema};
}

Result<Opened> open_for_reading(const std::string& path) {
  auto opened = recognised(SqliteDb::open(path, false, busy_timeout_ms));
  if (opened) return opened;
  // A file that is used with a log cannot be opened the usual way where no side file can be made. Without one, it is complete.
  for (const char* suffix : {"-wal", "-journal"}) {
    if (access((path + suffix).c_str(), F_OK) == 0) return opened;
  }
  auto untouched = recognised(SqliteDb::open_untouched(path));
  return untouched ? std::move(untouched) : std::move(opened);
}

/// What SqlStorage of very old Pyros wrote: no metadata.
Result<LeftOut> read_names_only(SqliteDb& db, const TakeRegistration& take) {
  auto select = db.prepare("SELECT name, uri FROM pyro_names");
  if (!select) return forward_error(select);
  LeftOut left_out;
  for (;;) {
    auto row = select->step();
    if (!row) return forward_error(row);
    if (!*row) return left_out;
    const auto name = select->utf8_text(0);
    const auto uri = select->utf8_text(1);
    if (name && uri) {
      take({*name, *uri, {}, {}});
    } else {
      ++left_out.names;
    }
  }
}

Result<LeftOut> read(Opened& opened, const TakeRegistration& take) {
  switch (opened.schema) {
    case Schema::current: return load_registrations(opened.db, take);
    case Schema::names_only: return read_names_only(opened.db, take);
    case Schema::newer:
      return fail(ErrorKind::system, "it was written by a newer hearthd: use the nsc that came with it");
    case Schema::none:
    case Schema::foreign:
    case Schema::incompatible: break;
  }
  return fail(ErrorKind::system, "it is not the database of a name server");
}

}  // namespace

bool looks_like_database(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return false;
  std::ifstream file(path, std::ios::binary);
  std::string start(sqlite_magic.size(), '\0');
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  return file && start == sqlite_magic;
}

Result<LeftOut> read_database(const std::string& path, const TakeRegistration& take) {
  auto opened = open_for_reading(path);
  auto done = opened ? read(*opened, take) : Result<LeftOut>(forward_error(opened));
  if (!done) return fail(ErrorKind::system, fmt::format("{} cannot be read: {}", path, done.error().text));
  return done;
}

}  // namespace hearth
