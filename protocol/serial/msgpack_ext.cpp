#include "protocol/serial/msgpack_ext.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <string>

#include "protocol/value/int_text.h"

namespace hearth {
namespace {

template <class T>
std::optional<T> native(BytesView data) {
  if (data.size() != sizeof(T)) return std::nullopt;
  T number{};
  std::memcpy(&number, data.data(), sizeof(T));
  return number;
}

std::optional<Value> load_complex(BytesView data) {
  const auto real = native<double>(data.substr(0, std::min(sizeof(double), data.size())));
  const auto imag = native<double>(data.substr(std::min(sizeof(double), data.size())));
  if (!real || !imag) return std::nullopt;
  return Complex{*real, *imag};
}

std::size_t count_digits(BytesView data) {
  return static_cast<std::size_t>(std::count_if(data.begin(), data.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

/// int() of bytes, unlike int() of a str, knows ASCII only.
std::optional<Value> load_big_int(BytesView data, const DecodeLimits& limits) {
  const bool is_ascii =
      std::all_of(data.begin(), data.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return is_ascii ? int_from_text(data, limits.int_digits_max) : std::nullopt;
}

constexpr std::int64_t days_before_1970 = 719162;  // since 0001-01-01
constexpr std::int64_t days_of_python = 3652059;   // 0001-01-01 to 9999-12-31
constexpr std::int64_t seconds_per_day = 86400;

/// "2024-02-29" for a day of the proleptic Gregorian calendar, counted from 0001-01-01. Reckoned in years that start in
/// March, so that a leap day is the last of its year.
std::string iso_date(std::int64_t day) {
  constexpr std::int64_t days_per_400_years = 146097;
  const std::int64_t march_day = day + 306;  // since 0000-03-01
  const std::int64_t era = march_day / days_per_400_years;
  const std::int64_t day_of_era = march_day % days_per_400_years;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t march_month = (5 * day_of_year + 2) / 153;  // 0: March
  const std::int64_t day_of_month = day_of_year - (153 * march_month + 2) / 5 + 1;
  const std::int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;
  const std::int64_t year = 400 * era + year_of_era + (month <= 2 ? 1 : 0);
  return fmt::format("{:04}-{:02}-{:02}", year, month, day_of_month);
}

/// The microseconds are rounded half to even, as Python does (Python/pytime.c, _PyTime_DoubleToDenominator).
std::optional<Value> load_datetime(BytesView data) {
  const auto timestamp = native<double>(data);
  if (!timestamp || !(std::fabs(*timestamp) < 1e12)) return std::nullopt;
  double whole = 0;
  auto micros = static_cast<std::int64_t>(std::nearbyint(std::modf(*timestamp, &whole) * 1e6));
  std::int64_t seconds = static_cast<std::int64_t>(whole) + days_before_1970 * seconds_per_day;
  if (micros >= 1000000) {
    micros -= 1000000;
    ++seconds;
  } else if (micros < 0) {
    micros += 1000000;
    --seconds;
  }
  if (seconds < 0 || seconds >= days_of_python * seconds_per_day) return std::nullopt;
  const std::int64_t second_of_day = seconds % seconds_per_day;
  std::string text = iso_date(seconds / seconds_per_day);
  text += fmt::format("T{:02}:{:02}:{:02}", second_of_day / 3600, second_of_day / 60 % 60, second_of_day % 60);
  if (micros > 0) text += fmt::format(".{:06}", micros);
  return text + "+00:00";
}

std::optional<Value> load_date(BytesView data) {
  const auto ordinal = native<std::int64_t>(data);  // 1 is 0001-01-01
  if (!ordinal || *ordinal < 1 || *ordinal > days_of_python) return std::nullopt;
  return iso_date(*ordinal - 1);
}

}  // namespace

Bytes msgpack_complex_data(const Complex& number) {
  Bytes data(2 * sizeof(double), '\0');
  std::memcpy(data.data(), &number.real, sizeof(double));
  std::memcpy(data.data() + sizeof(double), &number.imag, sizeof(double));
  return data;
}

Result<Value> load_msgpack_ext(std::int8_t code, BytesView data, const DecodeLimits& limits) {
  std::optional<Value> value;
  switch (code) {
    case msgpack_ext_complex: value = load_complex(data); break;
    case msgpack_ext_big_int:
      if (count_digits(data) > limits.int_digits_max) {
        return fail(ErrorKind::limit, fmt::format("int of more than {} digits", limits.int_digits_max));
      }
      value = load_big_int(data, limits);
      break;
    case msgpack_ext_datetime: value = load_datetime(data); break;
    case msgpack_ext_date: value = load_date(data); break;
    default: return fail(ErrorKind::malformed, fmt::format("invalid ext code for msgpack: {}", code));
  }
  if (!value) return fail(ErrorKind::malformed, fmt::format("invalid data for msgpack ext code: {}", code));
  return std::move(*value);
}

}  // namespace hearth
