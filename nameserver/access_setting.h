/// The access rules that the options ask for: from the file, for the gatekeeper.
///
/// Layer: nameserver.        Thread rule: loop thread; reads the disk.
/// Errors are one sentence for the operator.
#pragma once

#include <memory>

#include <hearth/result.h>

#include "nameserver/access/access_rules.h"
#include "nameserver/options/options.h"

namespace hearth {

/// nullptr: everybody may do everything.
[[nodiscard]] Result<std::shared_ptr<const AccessRules>> read_access_rules(const Options& options);

/// What holds from now on, for the log.
void log_access_rules(const AccessRules* rules, const Options& options);

}  // namespace hearth
