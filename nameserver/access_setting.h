/// The access rules and the audit log that the options ask for, for the gatekeeper.
///
/// Layer: nameserver.        Thread rule: loop thread; reads the disk.
/// Errors are one sentence for the operator.
#pragma once

#include <memory>
#include <optional>

#include <hearth/result.h>

#include "nameserver/access/access_rules.h"
#include "nameserver/access/audit_file.h"
#include "nameserver/options/options.h"

namespace hearth {

/// nullptr: everybody may do everything.
[[nodiscard]] Result<std::shared_ptr<const AccessRules>> read_access_rules(const Options& options);

/// What holds from now on, for the log.
void log_access_rules(const AccessRules* rules, const Options& options);

/// Opened anew, for whoever has moved the file away. nullopt: nothing is to be written down.
[[nodiscard]] Result<std::optional<AuditFile>> open_audit_log(const Options& options, const Environment& environment);

}  // namespace hearth
