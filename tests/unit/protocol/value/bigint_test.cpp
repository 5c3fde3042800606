#include "protocol/value/bigint.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace hearth {
namespace {

Value int_of_bits(const std::vector<std::uint32_t>& digits, unsigned width, bool negative = false) {
  Magnitude magnitude;
  for (const std::uint32_t digit : digits) magnitude.append_bits(digit, width);
  return magnitude.to_int(negative, 4300).value();
}

TEST_CASE("bits to ints, small ones as int64") {
  CHECK(int_of_bits({}, 15) == Value(0));
  CHECK(int_of_bits({0, 0}, 15, true) == Value(0));
  CHECK(int_of_bits({5}, 15, true) == Value(-5));
  CHECK(int_of_bits({0, 1}, 15) == Value(32768));
  CHECK(int_of_bits({0xFFFFFFFF, 0x7FFFFFFF}, 32) == Value(std::numeric_limits<std::int64_t>::max()));
  CHECK(int_of_bits({0, 0x80000000}, 32) == Value(BigInt{"9223372036854775808"}));
  CHECK(int_of_bits({0, 0x80000000}, 32, true) == Value(std::numeric_limits<std::int64_t>::min()));
  CHECK(int_of_bits({1, 0x80000000}, 32, true) == Value(BigInt{"-9223372036854775809"}));
  CHECK(int_of_bits({0, 0, 1}, 32) == Value(BigInt{"18446744073709551616"}));
}

TEST_CASE("chunks of zeros in the middle of the decimal digits stay") {
  const std::string digits = "1000000000000000000000000000000000000007";
  CHECK(Magnitude::from_decimal(digits).to_int(false, 40).value() == Value(BigInt{digits}));
}

TEST_CASE("decimal to base 2^15 and back, for many lengths") {
  std::string digits;
  for (unsigned length = 1; length < 120; ++length) {
    digits.push_back(static_cast<char>('1' + (length * 7) % 9));
    CAPTURE(digits);
    const Magnitude magnitude = Magnitude::from_decimal(digits);
    Magnitude again;
    for (const std::uint16_t digit : magnitude.base_32768_digits()) again.append_bits(digit, 15);
    CHECK(again.base_32768_digits() == magnitude.base_32768_digits());
    CHECK(again.to_int(false, length).value() == int_from_decimal(digits));
    CHECK(again.to_int(true, length).value() == int_from_decimal("-" + digits));
    CHECK_FALSE(again.to_int(false, length - 1).has_value());
  }
}

TEST_CASE("base 2^15 digits as marshal wants them") {
  CHECK(Magnitude(0).base_32768_digits().empty());
  CHECK(Magnitude(32767).base_32768_digits() == std::vector<std::uint16_t>{32767});
  CHECK(Magnitude(std::uint64_t{1} << 63U).base_32768_digits() == std::vector<std::uint16_t>{0, 0, 0, 0, 8});
}

TEST_CASE("too many digits are refused whatever the zeros on top") {
  Magnitude zeros;
  for (int i = 0; i < 1000; ++i) zeros.append_bits(0, 32);
  CHECK(zeros.to_int(false, 1).value() == Value(0));
  zeros.append_bits(1, 32);
  CHECK_FALSE(zeros.to_int(false, 4300).has_value());
}

}  // namespace
}  // namespace hearth
