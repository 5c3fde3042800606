/// The type bytes of CPython's marshal format (the TYPE_ macros of Python/marshal.c), shared by its reader
/// and its writer.
///
/// Layer: serial.        Thread rule: none, constants.
#pragma once

#include <cstdint>

namespace hearth::marshal_type {

inline constexpr char null = '0';
inline constexpr char none = 'N';
inline constexpr char false_ = 'F';
inline constexpr char true_ = 'T';
inline constexpr char stop_iteration = 'S';
inline constexpr char ellipsis = '.';
inline constexpr char int32 = 'i';
inline constexpr char int64 = 'I';
inline constexpr char long_ = 'l';
inline constexpr char float_text = 'f';
inline constexpr char float_binary = 'g';
inline constexpr char complex_text = 'x';
inline constexpr char complex_binary = 'y';
inline constexpr char bytes = 's';
inline constexpr char unicode = 'u';
inline constexpr char interned = 't';
inline constexpr char ascii = 'a';
inline constexpr char ascii_interned = 'A';
inline constexpr char short_ascii = 'z';
inline constexpr char short_ascii_interned = 'Z';
inline constexpr char tuple = '(';
inline constexpr char small_tuple = ')';
inline constexpr char list = '[';
inline constexpr char dict = '{';
inline constexpr char set = '<';
inline constexpr char frozenset = '>';
inline constexpr char code = 'c';
inline constexpr char reference = 'r';

/// Set in a type byte: the value gets the next reference number.
inline constexpr std::uint8_t reference_flag = 0x80;

}  // namespace hearth::marshal_type
