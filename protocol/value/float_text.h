/// Python's float() of plain text: decimal digits to the nearest double. The reverse of append_float_repr()
/// (repr.h).
///
/// Layer: value (base only).        Thread rule: none, pure function, independent of the locale.
#pragma once

#include <optional>
#include <string_view>

namespace hearth {

/// Digits with an optional '-', point and exponent, or "inf" and "nan"; nullopt for anything else. Where C++
/// reports a range error Python goes on: too large is infinite, too small is zero.
[[nodiscard]] std::optional<double> float_from_text(std::string_view text);

}  // namespace hearth
