/// Whether text from somebody else's file is text that we may hand to clients.
///
/// Layer: store (value/unicode.h lies beside this room, not below it, and knows WTF-8, which no file may hold).
/// Thread rule: none, a pure function.
#pragma once

#include <string_view>

namespace hearth {

/// Strict UTF-8 as Python's "utf-8" codec decodes it: shortest forms only, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace hearth
