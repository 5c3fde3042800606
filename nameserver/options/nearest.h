/// "Did you mean …?" for a misspelt name.
///
/// Layer: nameserver/options.        Thread rule: none, a pure function.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace hearth {

/// The one of `names` that takes the fewest changes of a letter to become `word`; empty if none is near enough to have been meant.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> names);

/// "; did you mean NAME?" for the end of a message, or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string_view> names);

}  // namespace hearth
