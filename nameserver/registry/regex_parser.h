/// parse_regex(): a Python regular expression -> Tree, as CPython 3.11's Lib/re/_parser.py does, error
/// texts included.
///
/// Layer: registry (value and below).        Thread rule: none, pure function.
/// Errors: malformed as re.error would say it; limit if groups nest deeper than Limits::pattern_nesting_max.
#pragma once

#include <string_view>

#include <hearth/result.h>

#include "nameserver/registry/regex_tree.h"
#include "protocol/base/limits.h"

namespace hearth::regex {

[[nodiscard]] Result<Tree> parse_regex(std::string_view pattern, const Limits& limits);

}  // namespace hearth::regex
