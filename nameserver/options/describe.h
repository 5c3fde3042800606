/// What hearthd prints about its settings: --help and --print-config.
///
/// Layer: nameserver/options.        Thread rule: none, pure functions.
#pragma once

#include <string>

#include "nameserver/options/resolver.h"

namespace hearth {

[[nodiscard]] std::string help_text();

/// A configuration file that sets everything as it is now, each with its origin in a comment behind it. Read back by --config
/// it gives the same settings, but for secrets: that one is set is told, not the value.
[[nodiscard]] std::string effective_config(const Resolved& resolved);

}  // namespace hearth
