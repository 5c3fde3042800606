/// Python's int() of text: for ports in URIs and the big ints of msgpack.
///
/// Layer: value (base only).        Thread rule: none, pure function.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <hearth/value.h>

namespace hearth {

/// Blanks around it, a sign, decimal digits of any script, single underscores between them. `text` is WTF-8.
/// nullopt where Python raises ValueError, which it also does for more than `digits_max` digits.
[[nodiscard]] std::optional<Value> int_from_text(std::string_view text, std::size_t digits_max);

}  // namespace hearth
