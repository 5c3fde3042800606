/// Magnitude: the absolute value of an int of any size, for the formats that spell ints in bits instead of
/// decimal digits (marshal: base 2^15; hexadecimal, octal and binary literals; BigInt itself is decimal).
///
/// Layer: value.        Thread rule: none, plain value.
/// Cost: collecting bits is linear; both conversions are quadratic, as in CPython, so bound the size of what
/// a peer sends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <hearth/value.h>

namespace hearth {

class Magnitude {
 public:
  Magnitude() = default;
  explicit Magnitude(std::uint64_t value);

  /// From plain ASCII digits, without a sign.
  [[nodiscard]] static Magnitude from_decimal(std::string_view digits);

  /// Puts `width` (1 to 32) more bits above those already there: digits come lowest first.
  void append_bits(std::uint32_t bits, unsigned width);

  /// int64 if it fits, else BigInt; nullopt if it takes more than `digits_max` decimal digits, decided before
  /// the work.
  [[nodiscard]] std::optional<Value> to_int(bool negative, std::size_t digits_max) const;

  /// The digits in base 2^15, lowest first, without high zeros: the form of marshal's long.
  [[nodiscard]] std::vector<std::uint16_t> base_32768_digits() const;

 private:
  [[nodiscard]] std::size_t significant_bits() const;

  std::vector<std::uint32_t> limbs_;  ///< base 2^32, lowest first; high zeros allowed
  std::size_t bit_count_ = 0;         ///< bits appended so far
};

}  // namespace hearth
