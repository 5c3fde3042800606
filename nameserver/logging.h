/// From the options to the log: at the start, and again at every reload.
///
/// Layer: nameserver.        Thread rule: the main thread.
#pragma once

#include <hearth/result.h>

#include "nameserver/options/options.h"

namespace hearth {

/// Errors: a category that nobody knows, a file that cannot be written; the log then stays as it was.
[[nodiscard]] Result<void> open_log_as(const Options& options, const Environment& environment);

}  // namespace hearth
