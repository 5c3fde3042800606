/// What makes any text fit for a line that people and journald read.
///
/// Layer: base.        Thread rule: none, pure functions.
#pragma once

#include <string>
#include <string_view>

namespace hearth {

/// The text without anything that ends a line, moves a cursor or reorders what is shown: control characters, line and
/// paragraph separators and directional marks are written as escapes (`\n`, `\x1b`, `\u2028`), and so is what is not UTF-8.
/// Beyond log_text_bytes_max (limits.h) it is cut, and says so.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace hearth
