/// hearthd --recover: makes a whole storage file out of a damaged one.
///
/// Layer: nameserver.        Thread rule: the main thread, instead of a server.
#pragma once

#include <string>

#include <hearth/result.h>

#include "nameserver/options/options.h"

namespace hearth {

/// Recovers the file that a server with these options would open. What was done, what is missing and where the old file is:
/// lines for the operator. Errors leave the file as it was.
[[nodiscard]] Result<std::string> recover_storage(const Options& options, const Environment& environment);

}  // namespace hearth
