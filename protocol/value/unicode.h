/// Unicode as Python's str sees it: the three character classes that repr(), int() and \S ask for.
///
/// Layer: value (base only).        Thread rule: none, pure functions over constant tables.
/// The tables are those of Python 3.11 (Unicode 14.0). Code points come out of text by protocol/base/wtf8.h.
#pragma once

namespace hearth {

/// str.isprintable()
[[nodiscard]] bool is_python_printable(char32_t c);

/// str.isspace(), and \s of a Python regex.
[[nodiscard]] bool is_python_space(char32_t c);

/// 0..9 for the decimal digits of any script (category Nd), as int() accepts them; else -1.
[[nodiscard]] int decimal_digit_value(char32_t c);

}  // namespace hearth
