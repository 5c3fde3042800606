#include "nameserver/access_setting.h"

#include <fmt/format.h>

#include <utility>

#include "nameserver/access/access_file.h"
#include "protocol/base/log.h"

namespace hearth {

Result<std::shared_ptr<const AccessRules>> read_access_rules(const Options& options) {
  if (options.access_file.empty()) return nullptr;
  auto rules = read_access_file(options.access_file);
  if (!rules) return forward_error(rules);
  return std::make_shared<const AccessRules>(std::move(*rules));
}

void log_access_rules(const AccessRules* rules, const Options& options) {
  if (rules == nullptr) return;
  log(LogLevel::info, LogCategory::server,
      fmt::format("access rules of {}: {} identities, {} tokens; whoever they do not allow anything may do nothing{}",
                  options.access_file, rules->grants.size(), rules->tokens.size(),
                  rules->is_owner_only ? "; registrations are their owners'" : ""));
}

Result<std::optional<AuditFile>> open_audit_log(const Options& options, const Environment& environment) {
  if (options.audit_log.empty()) return std::nullopt;
  if (options.audit_log == "{stderr}") {
    return AuditFile::standard_error(is_stderr_journal(value_of(environment, "JOURNAL_STREAM")));
  }
  auto file = AuditFile::open(options.audit_log);
  if (!file) return forward_error(file);
  return std::move(*file);
}

}  // namespace hearth
