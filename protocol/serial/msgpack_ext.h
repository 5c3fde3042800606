/// The extension types that Pyro adds to MessagePack (Pyro4/util.py, MsgpackSerializer.default and ext_hook).
///
/// Layer: serial.        Thread rule: none, pure functions.
/// Numbers are native, as Python's struct writes them without a prefix: both sides must be little-endian 64-bit machines.
#pragma once

#include <hearth/result.h>
#include <hearth/value.h>

#include "protocol/base/bytes.h"
#include "protocol/base/limits.h"

namespace hearth {

inline constexpr std::int8_t msgpack_ext_complex = 0x30;   ///< two doubles
inline constexpr std::int8_t msgpack_ext_big_int = 0x31;   ///< decimal digits in ASCII
inline constexpr std::int8_t msgpack_ext_datetime = 0x32;  ///< seconds since 1970 in a double
inline constexpr std::int8_t msgpack_ext_date = 0x33;      ///< date.toordinal() in a long

[[nodiscard]] Bytes msgpack_complex_data(const Complex& number);

/// A date becomes the text of its isoformat(), and a datetime that of its isoformat() in UTC, with "+00:00": Python would
/// give it in the local time of the reader without saying so.
/// Errors: malformed for other codes and for data that Python refuses too, limit for an int beyond int_digits_max.
[[nodiscard]] Result<Value> load_msgpack_ext(std::int8_t code, BytesView data, const DecodeLimits& limits);

}  // namespace hearth
