/// The parts of repr() (<hearth/repr.h>): for error texts, logs, nsc and the serpent writer.
///
/// Layer: value.        Thread rule: none, pure functions.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace hearth {

/// Printable ASCII, but for quotes and the backslash: in every literal it means what it is, and nearly every text has nothing else.
[[nodiscard]] inline bool stands_for_itself(char c) {
  static constexpr auto table = [] {
    std::array<bool, 256> plain{};
    for (unsigned byte = 0x20; byte < 0x7F; ++byte) plain[byte] = byte != '\\' && byte != '\'' && byte != '"';
    return plain;
  }();
  return table[static_cast<unsigned char>(c)];
}

/// Appends the literal that Python 3's repr() gives a str: its choice of quotes, \n \r \t \\ and \xNN \uNNNN \UNNNNNNNN for
/// what Python calls unprintable; printable text stays as it is. `text` is WTF-8.
void append_str_repr(std::string& out, std::string_view text);

/// Bytes of unknown make, safe to show on a terminal in one line: what Python calls unprintable as in its repr(), and so the bytes
/// that are no text.
[[nodiscard]] std::string printable(std::string_view bytes);

/// Appends what repr() gives a float: the shortest text that reads back the same, "1.0" for integral values, "1e+16", "nan", "inf".
void append_float_repr(std::string& out, double value);

/// Appends what repr() gives a bytes object: b'…' with \xNN.
void append_bytes_repr(std::string& out, std::string_view bytes);

}  // namespace hearth
