#include "nameserver/recovery.h"

#include "nameserver/default_storage.h"
#include "nameserver/store/recover.h"

namespace hearth {
namespace {

constexpr std::string_view file_prefix = "sql:";

Result<std::string> storage_file(const Options& options, const Environment& environment) {
  if (options.storage.empty()) return default_storage_path(environment, options.port);
  if (options.storage.starts_with(file_prefix)) return options.storage.substr(file_prefix.size());
  return fail(ErrorKind::malformed, "storage " + options.storage + " is no file: --recover needs -s sql:FILE");
}

}  // namespace

Result<std::string> recover_storage(const Options& options, const Environment& environment) {
  auto path = storage_file(options, environment);
  if (!path) return path;
  const auto report = recover_database(*path);
  if (!report) return fail(report.error().kind, report.error().text);
  return describe(*report);
}

}  // namespace hearth
