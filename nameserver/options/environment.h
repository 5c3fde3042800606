/// The PYRO_* variables that a server knows, turned into Options.
///
/// Layer: nameserver.        Thread rule: at the start only.
#pragma once

#include "nameserver/options/options.h"

namespace hearth {

/// Sets in `options` what the environment says (the command line is applied afterwards and wins). Variables that the
/// reference knows and we do not need are ignored. Errors name the variable with the bad value.
[[nodiscard]] Result<void> apply_environment(const Environment& environment, Options& options);

}  // namespace hearth
