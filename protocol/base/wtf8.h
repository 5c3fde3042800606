/// WTF-8, in and out: UTF-8 that may also hold lone surrogates (ED A0 80 … ED BF BF), because a Python str may. It is what
/// Python calls the "surrogatepass" error handler.
///
/// Layer: base.        Thread rule: none, pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hearth {

/// What decode_wtf8() answers for bytes that are no WTF-8. Above every code point, so no text can hold it.
inline constexpr char32_t invalid_code_point = 0xFFFFFFFF;

/// The code point at `pos`, and moves `pos` behind it. Invalid or cut off bytes: invalid_code_point, one byte
/// further.
/// `pos` must lie inside `text`.
[[nodiscard]] char32_t decode_wtf8(std::string_view text, std::size_t& pos);

/// Appends a code point of at most U+10FFFF, surrogates included.
void append_wtf8(std::string& out, char32_t code_point);

[[nodiscard]] bool is_valid_wtf8(std::string_view text);

/// Valid WTF-8 without lone surrogates is what Python's strict "utf-8" codec can encode.
[[nodiscard]] bool has_lone_surrogate(std::string_view text);

[[nodiscard]] constexpr bool is_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDFFF; }

/// Valid, and without lone surrogates: what Python's strict "utf-8" codec decodes, and every database file may hold.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace hearth
