/// Convert<T>: how a C++ type travels as a Python value, and back. The one place to teach the library a type of yours:
/// specialise it, or let <hearth/convert_fields.h> do so for a struct.
///
/// Layer: client-lib, public.        Thread rule: none, pure functions.
/// Errors: a value of another type is a Mismatch, whose text names the place: "item 3: expected float, got str 'x'".
///
/// | C++ | Python sends it as | and it is made from |
/// | --- | --- | --- |
/// | bool | bool | bool |
/// | integers, but for characters | int | int that fits |
/// | float, double | float | float, int |
/// | std::complex<double>, Complex | complex | complex, float, int |
/// | std::string; std::string_view, const char* to send only | str | str |
/// | ByteString | bytes | bytes |
/// | std::vector, std::array | list | list, tuple, set |
/// | std::pair, std::tuple | tuple | list, tuple of as many |
/// | std::set, std::unordered_set | set | set, list, tuple |
/// | std::map, std::unordered_map | dict | dict |
/// | std::optional | None or the value | the same |
/// | std::variant | the value | the first alternative that fits |
/// | Uri | str | a URI or Proxy object, str |
/// | Value, None, BigInt, List, Tuple, Set, Dict | itself | itself |
///
/// json and msgpack know neither tuples nor sets and send lists: this is why lists are taken for them.
#pragma once

#include <charconv>
#include <complex>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

#include <hearth/api.h>
#include <hearth/client_error.h>
#include <hearth/uri.h>
#include <hearth/value.h>

namespace HEARTH_API hearth {

/// Why a value is no T.
struct Mismatch {
  std::string text;  ///< "expected float, got str 'x'", with the place in front
};

template <class T>
using Converted = tl::expected<T, Mismatch>;

/// `return mismatch("float", value);` from a from_value(): "expected float, got …".
[[nodiscard]] HEARTH_API tl::unexpected<Mismatch> mismatch(std::string_view expected, const Value& got);

/// The same mismatch, seen from around: `return mismatch_in("item 3", inner)`.
[[nodiscard]] HEARTH_API tl::unexpected<Mismatch> mismatch_in(std::string_view place, const Mismatch& inner);

/// A specialisation has two static functions: `Value to_value(const T&)` and `Converted<T> from_value(Value)` (either may
/// take its argument by value or by reference, from_value also by const reference). No other type can be sent or read.
template <class T>
struct Convert;

/// Whether a T can be an argument of a call.
template <class T>
concept Sendable = requires(T&& object) {
  { Convert<std::decay_t<T>>::to_value(std::forward<T>(object)) } -> std::convertible_to<Value>;
};

/// Whether a T can be the result of a call.
template <class T>
concept Readable = requires(Value value) {
  { Convert<T>::from_value(std::move(value)) } -> std::same_as<Converted<T>>;
};

template <Sendable T>
[[nodiscard]] Value to_value(T&& object) {
  return Convert<std::decay_t<T>>::to_value(std::forward<T>(object));
}

/// ClientErrorKind::protocol if the value is no T; `what` begins the text ("the result of add()").
template <Readable T>
[[nodiscard]] ClientResult<T> from_value(Value value, std::string_view what = {}) {
  Converted<T> converted = Convert<T>::from_value(std::move(value));
  if (converted) return std::move(*converted);
  std::string text(what);
  if (!text.empty()) text += ": ";
  return fail(ClientErrorKind::protocol, text + converted.error().text);
}

// ---- Value and its alternatives

template <>
struct Convert<Value> {
  static Value to_value(Value value) { return value; }
  static Converted<Value> from_value(Value value) { return value; }
};

namespace detail {

template <class T>
struct ConvertAlternative {
  static Value to_value(T object) { return object; }
  static Converted<T> from_value(Value value) {
    if (T* held = value.as<T>()) return std::move(*held);
    return mismatch(Value(T{}).type_name(), value);
  }
};

}  // namespace detail

template <>
struct Convert<None> : detail::ConvertAlternative<None> {};
template <>
struct Convert<bool> : detail::ConvertAlternative<bool> {};
template <>
struct Convert<std::string> : detail::ConvertAlternative<std::string> {};
template <>
struct Convert<ByteString> : detail::ConvertAlternative<ByteString> {};
template <>
struct Convert<List> : detail::ConvertAlternative<List> {};
template <>
struct Convert<Tuple> : detail::ConvertAlternative<Tuple> {};
template <>
struct Convert<Set> : detail::ConvertAlternative<Set> {};
template <>
struct Convert<Dict> : detail::ConvertAlternative<Dict> {};

template <>
struct Convert<std::string_view> {
  static Value to_value(std::string_view text) { return text; }
};
template <>
struct Convert<const char*> {
  static Value to_value(const char* text) { return text; }
};
template <>
struct Convert<char*> : Convert<const char*> {};

// ---- numbers

namespace detail {

template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
                  !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

[[nodiscard]] HEARTH_API tl::unexpected<Mismatch> int_out_of_range(std::string_view least, std::string_view most,
                                                                   const Value& got);

}  // namespace detail

template <detail::Integer T>
struct Convert<T> {
  static Value to_value(T number) {
    if (std::in_range<std::int64_t>(number)) return static_cast<std::int64_t>(number);
    return BigInt{std::to_string(number)};
  }
  static Converted<T> from_value(const Value& value) {
    if (const auto* small = value.as<std::int64_t>()) {
      if (std::in_range<T>(*small)) return static_cast<T>(*small);
    } else if (const auto* big = value.as<BigInt>()) {
      const char* const end = big->digits.data() + big->digits.size();
      T number{};
      const auto parsed = std::from_chars(big->digits.data(), end, number);
      if (parsed.ec == std::errc() && parsed.ptr == end) return number;
    } else {
      return mismatch("int", value);
    }
    return detail::int_out_of_range(std::to_string(std::numeric_limits<T>::min()),
                                    std::to_string(std::numeric_limits<T>::max()), value);
  }
};

template <>
struct Convert<BigInt> {
  static Value to_value(const BigInt& number);
  static Converted<BigInt> from_value(Value value);
};

template <>
struct Convert<double> {
  static Value to_value(double number) { return number; }
  static Converted<double> from_value(const Value& value);
};

template <>
struct Convert<float> {
  static Value to_value(float number) { return static_cast<double>(number); }
  static Converted<float> from_value(const Value& value) {
    return Convert<double>::from_value(value).map([](double number) { return static_cast<float>(number); });
  }
};

template <>
struct Convert<Complex> {
  static Value to_value(Complex number) { return number; }
  static Converted<Complex> from_value(const Value& value);
};

template <>
struct Convert<std::complex<double>> {
  static Value to_value(std::complex<double> number) { return Complex{number.real(), number.imag()}; }
  static Converted<std::complex<double>> from_value(const Value& value) {
    return Convert<Complex>::from_value(value).map(
        [](const Complex& number) { return std::complex<double>(number.real, number.imag); });
  }
};

// ---- Pyro's own

/// Sent as text, which every Pyro method that wants a URI takes. An object that its daemon has turned into a proxy
/// ("autoproxy") is read as the place to connect to.
template <>
struct Convert<Uri> {
  static Value to_value(const Uri& uri) { return uri.text(); }
  static Converted<Uri> from_value(const Value& value);
};

}  // namespace hearth

#include <hearth/convert_containers.h>  // IWYU pragma: export
