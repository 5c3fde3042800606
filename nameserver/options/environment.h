/// What the PYRO_* variables say about settings (PYRO.md section 6).
///
/// Layer: nameserver/options.        Thread rule: none, pure functions.
#pragma once

#include "nameserver/options/assignment.h"

namespace hearth {

struct EnvironmentSource {
  Source source;
  std::vector<std::string> warnings;  ///< about variables that nobody knows
};

/// Variables that the reference knows and we do not need are ignored, and so are empty ones.
[[nodiscard]] EnvironmentSource environment_source(const Environment& environment);

}  // namespace hearth
