#include "protocol/value/int_text.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>

#include "protocol/base/wtf8.h"
#include "protocol/value/unicode.h"

namespace hearth {
namespace {

/// CPython maps Unicode blanks and digits to ASCII first (_PyUnicode_TransformDecimalAndSpaceToASCII), but leaves ASCII
/// alone: the separators \x1c..\x1f are blanks for str.isspace() and not for int(). '?' is what int() never accepts.
std::string to_ascii(std::string_view text) {
  std::string ascii;
  ascii.reserve(text.size());
  for (std::size_t pos = 0; pos < text.size();) {
    const char32_t c = decode_wtf8(text, pos);
    if (c < 0x80) {
      ascii.push_back(static_cast<char>(c));
    } else if (c == invalid_code_point) {
      ascii.push_back('?');
    } else if (is_python_space(c)) {
      ascii.push_back(' ');
    } else {
      const int digit = decimal_digit_value(c);
      ascii.push_back(digit < 0 ? '?' : static_cast<char>('0' + digit));
    }
  }
  return ascii;
}

/// So many decimal digits always fit.
constexpr std::size_t int64_digits = std::numeric_limits<std::int64_t>::digits10;

std::string_view strip_blanks(std::string_view ascii) {
  constexpr std::string_view blanks = " \t\n\v\f\r";
  const std::size_t first = ascii.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return ascii.substr(first, ascii.find_last_not_of(blanks) - first + 1);
}

}  // namespace

std::optional<Value> int_from_text(std::string_view text, std::size_t digits_max) {
  if (text.size() <= std::min(digits_max, int64_digits)) {
    std::int64_t plain = 0;  // nearly every text: a port
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), plain);
    if (status == std::errc() && end == text.data() + text.size()) return Value(plain);
  }
  const std::string ascii = to_ascii(text);
  std::string_view rest = strip_blanks(ascii);
  const bool is_negative = rest.starts_with('-');
  if (is_negative || rest.starts_with('+')) rest.remove_prefix(1);

  std::string digits;
  bool digit_before = false;
  for (const char c : rest) {
    const bool is_digit = c >= '0' && c <= '9';
    if (is_digit) digits.push_back(c);
    if (!is_digit && !(c == '_' && digit_before)) return std::nullopt;
    digit_before = is_digit;
  }
  if (!digit_before || digits.size() > digits_max) return std::nullopt;
  return int_from_decimal(is_negative ? "-" + digits : digits);
}

}  // namespace hearth
