/// The scalars that pickle's protocol 0 writes as lines of text.
///
/// Layer: serial, private to the pickle reader.        Thread rule: none, pure functions.
/// nullopt: the line is not what Python writes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <hearth/result.h>
#include <hearth/value.h>

#include "protocol/base/limits.h"

namespace hearth {

/// "12", "-3"; "00" and "01" are False and True. With a trailing 'L' for LONG. ErrorKind::limit for too many digits.
[[nodiscard]] Result<Value> int_in_pickle_line(std::string_view line, const DecodeLimits& limits);

/// 'text' as Python 2's repr() writes a str: ASCII only, with its escapes.
[[nodiscard]] std::optional<std::string> string_in_pickle_line(std::string_view line);

/// Python's raw-unicode-escape codec: Latin-1 with \uXXXX and \UXXXXXXXX.
[[nodiscard]] std::optional<std::string> unicode_in_pickle_line(std::string_view line);

}  // namespace hearth
