#include <fmt/format.h>

#include "nameserver/store/engine.h"
#include "nameserver/store/memory_engine.h"
#include "nameserver/store/sqlite_engine.h"

namespace hearth {
namespace {

constexpr std::string_view sql_prefix = "sql:";
constexpr std::string_view dbm_prefix = "dbm:";

/// DbmStorage.everything() gives {name: (uri, no tags)}, and SqlStorage is a MutableMapping of the same (naming_storage.py).
std::string dbm_way_out(std::string_view file) {
  return fmt::format(
      "dbm: storage is not supported: convert it once with Pyro4 (python3 -c \"from Pyro4.naming_storage import *; "
      "SqlStorage('{0}.sql').update(DbmStorage('{0}').everything(True))\") and use -s sql:{0}.sql",
      file);
}

}  // namespace

Result<std::unique_ptr<Engine>> open_engine(std::string_view storage) {
  if (storage == "memory") return std::make_unique<MemoryEngine>();
  if (storage.substr(0, sql_prefix.size()) == sql_prefix) {
    const std::string path(storage.substr(sql_prefix.size()));
    // As SqlStorage.__init__ of the Pyros refuses it: SQLite would take both for a database that ends with the process.
    if (path.empty() || path == ":memory:") {
      return fail(ErrorKind::unsupported, fmt::format("{} names no file: use -s memory or -s sql:FILE", storage));
    }
    return SqliteEngine::open(path);
  }
  if (storage.substr(0, dbm_prefix.size()) == dbm_prefix) {
    return fail(ErrorKind::unsupported, dbm_way_out(storage.substr(dbm_prefix.size())));
  }
  return fail(ErrorKind::unsupported, fmt::format("unknown storage '{}': use memory or sql:FILE", storage));
}

}  // namespace hearth
