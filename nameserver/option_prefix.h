/// Unique abbreviations of long options, as Python's optparse accepts them (`--sto memory`), which CLI11 does not.
///
/// Layer: nameserver.        Thread rule: none, a pure function.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "protocol/base/result.h"

namespace hearth {

/// `argument` with the name of a long option completed: "--sto=memory" becomes "--storage=memory". Anything else, and what is no
/// prefix of a known name, comes back as it is. Ambiguous: an error that lists the candidates, in optparse's words.
[[nodiscard]] Result<std::string> expand_option_prefix(std::string_view argument, std::span<const std::string_view> long_names);

}  // namespace hearth
