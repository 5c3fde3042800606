/// Numbers as Python source spells them: 1_000, 0xFF, 0o17, 0b1, 1.5e-3, 1e30000 (infinite), 2j.
///
/// Layer: serial.        Thread rule: none, pure function.
/// Errors: malformed, or ErrorKind::limit for an int of more than DecodeLimits::int_digits_max digits.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <hearth/result.h>
#include <hearth/value.h>

#include "protocol/base/limits.h"

namespace hearth {

[[nodiscard]] bool starts_number_literal(std::string_view text, std::size_t pos);

/// The int, float or imaginary number (a Complex) that starts at `pos`, without a sign. Moves `pos` behind
/// it.
[[nodiscard]] Result<Value> read_number_literal(std::string_view text, std::size_t& pos, const DecodeLimits& limits);

/// The sign in front of an int, float or complex that was read without one. False: the value is none of
/// these.
[[nodiscard]] bool apply_sign(char sign, Value& value);

/// `real + imaginary` or `real - imaginary`, computed as Python does it. nullopt unless the operands are a
/// real number (no bool) that a float can hold, and a complex one.
[[nodiscard]] std::optional<Complex> complex_sum(const Value& real, char sign, const Value& imaginary);

}  // namespace hearth
