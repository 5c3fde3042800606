#include "protocol/value/float_text.h"

#include <charconv>
#include <cstdint>
#include <limits>
#include <system_error>

namespace hearth {
namespace {

/// Tells an overflow from an underflow: whether a number that no double can hold lies below 1.
bool is_tiny(std::string_view text) {
  const std::size_t exponent_at = text.find_first_of("eE");
  const std::string_view mantissa = text.substr(0, exponent_at);
  std::int64_t exponent = 0;
  if (exponent_at != std::string_view::npos) {
    std::string_view digits = text.substr(exponent_at + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (status == std::errc::result_out_of_range) return digits.starts_with('-');
  }
  const std::size_t point = mantissa.find('.');
  const std::size_t first_digit = mantissa.find_first_of("123456789");
  const auto whole_end = static_cast<std::int64_t>(point == std::string_view::npos ? mantissa.size() : point);
  // 10^magnitude is the weight of the digit in front of the point that would come right after the first
  // digit.
  const std::int64_t magnitude = whole_end - static_cast<std::int64_t>(first_digit);
  return exponent < -magnitude;
}

}  // namespace

std::optional<double> float_from_text(std::string_view text) {
  double value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  if (status == std::errc()) return value;
  if (status != std::errc::result_out_of_range) return std::nullopt;
  const double magnitude = is_tiny(text) ? 0.0 : std::numeric_limits<double>::infinity();
  return text.starts_with('-') ? -magnitude : magnitude;
}

}  // namespace hearth
