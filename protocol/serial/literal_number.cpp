#include "protocol/serial/literal_number.h"

#include <cmath>
#include <string>

#include "protocol/serial/limit_errors.h"
#include "protocol/value/bigint.h"
#include "protocol/value/float_text.h"

namespace hearth {
namespace {

constexpr int no_digit = 99;

bool is_decimal_digit(char c) { return c >= '0' && c <= '9'; }

int digit_value(char c) {
  if (is_decimal_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return no_digit;
}

bool is_name_char(char c) {
  return is_decimal_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

class NumberReader {
 public:
  NumberReader(std::string_view text, std::size_t pos, const DecodeLimits& limits)
      : text_(text), pos_(pos), limits_(limits) {}

  [[nodiscard]] std::size_t pos() const { return pos_; }

  Result<Value> read() {
    auto value = peek() == '0' && bits_per_digit(peek(1)) != 0 ? read_power_of_two_base() : read_decimal();
    // Python 3.11 still lets a keyword follow directly ("1if x"), but no literal has one.
    if (value && is_name_char(peek())) return malformed();
    return value;
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return ahead < text_.size() - pos_ ? text_[pos_ + ahead] : '\0';
  }

  static tl::unexpected<Error> malformed() { return fail(ErrorKind::malformed, "invalid number literal"); }

  static unsigned bits_per_digit(char prefix) {
    switch (prefix) {
      case 'x':
      case 'X': return 4;
      case 'o':
      case 'O': return 3;
      case 'b':
      case 'B': return 1;
      default: return 0;
    }
  }

  /// digit (["_"] digit)*, with the underscores left out.
  bool take_digits(int base, std::string& digits) {
    if (digit_value(peek()) >= base) return false;
    while (true) {
      digits.push_back(text_[pos_++]);
      if (peek() == '_' && digit_value(peek(1)) < base) ++pos_;
      if (digit_value(peek()) >= base) return true;
    }
  }

  Result<Value> read_power_of_two_base() {
    const unsigned width = bits_per_digit(peek(1));
    pos_ += 2;
    if (peek() == '_') ++pos_;  // "0x_ff"
    std::string digits;
    if (!take_digits(1 << width, digits)) return malformed();
    Magnitude magnitude;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
      magnitude.append_bits(static_cast<std::uint32_t>(digit_value(*digit)), width);
    }
    auto value = magnitude.to_int(false, limits_.int_digits_max);
    if (!value) return tl::unexpected<Error>(int_too_long(limits_));
    return std::move(*value);
  }

  Result<Value> read_decimal() {
    std::string digits;
    bool is_float = false;
    if (peek() != '.' && !take_digits(10, digits)) return malformed();
    if (peek() == '.') {
      is_float = true;
      digits.push_back(text_[pos_++]);
      if (is_decimal_digit(peek()) && !take_digits(10, digits)) return malformed();
    }
    if (peek() == 'e' || peek() == 'E') {
      is_float = true;
      digits.push_back(text_[pos_++]);
      if (peek() == '+' || peek() == '-') digits.push_back(text_[pos_++]);
      if (!take_digits(10, digits)) return malformed();
    }
    const bool is_imaginary = peek() == 'j' || peek() == 'J';
    if (is_imaginary) ++pos_;
    if (!is_float && !is_imaginary) return int_of(digits);
    const auto number = float_from_text(digits);
    if (!number) return malformed();
    if (is_imaginary) return Value(Complex{0, *number});
    return Value(*number);
  }

  [[nodiscard]] Result<Value> int_of(const std::string& digits) const {
    const bool is_zero = digits.find_first_not_of('0') == std::string::npos;
    if (digits.front() == '0' && !is_zero) {
      return fail(ErrorKind::malformed, "leading zeros in decimal integer literals are not permitted");
    }
    if (digits.size() > limits_.int_digits_max && !is_zero) return tl::unexpected<Error>(int_too_long(limits_));
    return int_from_decimal(digits);
  }

  std::string_view text_;
  std::size_t pos_;
  const DecodeLimits& limits_;
};

std::optional<double> as_float(const Value& value) {
  if (const auto* d = value.as<double>()) return *d;
  if (const auto* i = value.as<std::int64_t>()) return static_cast<double>(*i);
  if (const auto* big = value.as<BigInt>()) {
    const auto converted = float_from_text(big->digits);
    if (converted && std::isfinite(*converted)) return converted;  // else Python's "int too large to convert to float"
  }
  return std::nullopt;
}

}  // namespace

bool starts_number_literal(std::string_view text, std::size_t pos) {
  if (pos >= text.size()) return false;
  if (is_decimal_digit(text[pos])) return true;
  return text[pos] == '.' && pos + 1 < text.size() && is_decimal_digit(text[pos + 1]);
}

Result<Value> read_number_literal(std::string_view text, std::size_t& pos, const DecodeLimits& limits) {
  NumberReader reader(text, pos, limits);
  auto value = reader.read();
  pos = reader.pos();
  return value;
}

bool apply_sign(char sign, Value& value) {
  const bool negate = sign == '-';
  if (auto* d = value.as<double>()) {
    if (negate) *d = -*d;
  } else if (auto* c = value.as<Complex>()) {
    if (negate) *c = {-c->real, -c->imag};
  } else if (auto* i = value.as<std::int64_t>()) {
    if (negate) *i = -*i;  // cannot overflow: it was read without a sign
  } else if (const auto* big = value.as<BigInt>()) {
    if (negate) value = int_from_decimal("-" + big->digits);  // -9223372036854775808 is an int64 again
  } else {
    return false;
  }
  return true;
}

std::optional<Complex> complex_sum(const Value& real, char sign, const Value& imaginary) {
  const auto left = as_float(real);
  const auto* right = imaginary.as<Complex>();
  if (!left || right == nullptr) return std::nullopt;
  // The zeros look idle, but decide the signs of zero results.
  if (sign == '+') return Complex{*left + right->real, 0.0 + right->imag};
  return Complex{*left - right->real, 0.0 - right->imag};
}

}  // namespace hearth
