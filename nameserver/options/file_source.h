/// What the configuration file says about settings and limits.
///
/// Layer: nameserver/options.        Thread rule: none, pure functions.
#pragma once

#include "nameserver/options/assignment.h"
#include "nameserver/options/config_file.h"

namespace hearth {

inline constexpr std::string_view limits_section = "limits";

/// Lists that are given several times add up; anything else that is given twice is an error, since one of the two lines would
/// be there for nothing. Errors name file and line, and the nearest known key.
[[nodiscard]] Result<Source> file_source(const ConfigFile& file);

}  // namespace hearth
