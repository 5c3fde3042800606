/// String and bytes literals as Python source spells them: '…', "…", triple-quoted, raw, with all escapes but
/// \N{…}.
///
/// Layer: serial.        Thread rule: none, pure function.
/// Errors: malformed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <hearth/result.h>

namespace hearth {

/// The letters in front of the first quote.
struct StringPrefix {
  std::size_t length = 0;
  bool is_bytes = false;
  bool is_raw = false;
};

/// nullopt if no string literal starts at `pos`. f-strings are none: they are expressions.
[[nodiscard]] std::optional<StringPrefix> string_prefix_at(std::string_view text, std::size_t pos);

/// Appends the content of the one literal at `pos` (prefix included) and moves `pos` behind it. `text` must
/// be valid UTF-8; what is appended is WTF-8, or any bytes for a bytes literal.
[[nodiscard]] Result<void> read_string_literal(std::string_view text, std::size_t& pos, StringPrefix prefix,
                                               std::string& out);

}  // namespace hearth
