/// ConvertFields: a struct of yours as a dict of its fields, or as a Python object of a class.
///
///     struct Point { double x, y; };
///
///     template <>
///     struct hearth::Convert<Point> : hearth::ConvertFields<Point> {
///       static constexpr std::string_view python_class = "geometry.Point";  // left out: a plain dict
///       static constexpr auto fields = std::tuple(field("x", &Point::x), field("y", &Point::y));
///     };
///
/// Layer: client-lib, public.        Thread rule: none, pure functions.
/// An object of a class travels as Pyro sends those by default: a dict with "__class__" (PYRO.md section 2, "Values"). To
/// receive it, a Python server must have registered that class name (register_dict_to_class).
/// The struct must be default-constructible. What its dict has beyond the fields is ignored; a field that the dict lacks is a
/// mismatch, unless it is a std::optional.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <hearth/api.h>
#include <hearth/convert.h>

namespace HEARTH_API hearth {

template <class Struct, class Member>
struct Field {
  std::string_view name;
  Member Struct::*member;
};

namespace detail {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// The Dict inside, if it is one and of no other class than `python_class`; empty: of any class or none.
[[nodiscard]] HEARTH_API tl::expected<Dict*, Mismatch> fields_of(Value& value, std::string_view python_class);
[[nodiscard]] HEARTH_API tl::unexpected<Mismatch> mismatch_in_field(std::string_view name, const Mismatch& inner);
[[nodiscard]] HEARTH_API tl::unexpected<Mismatch> missing_field(std::string_view name);

}  // namespace detail

template <class Struct>
struct ConvertFields {
  template <class Member>
  [[nodiscard]] static constexpr Field<Struct, Member> field(std::string_view name, Member Struct::*member) {
    return {name, member};
  }

  static Value to_value(const Struct& object) {
    Dict dict;
    if constexpr (requires { Convert<Struct>::python_class; }) dict.add("__class__", Convert<Struct>::python_class);
    std::apply([&object, &dict](const auto&... field) { (write(object, field, dict), ...); }, Convert<Struct>::fields);
    return dict;
  }

  static Converted<Struct> from_value(Value value) {
    std::string_view python_class;
    if constexpr (requires { Convert<Struct>::python_class; }) python_class = Convert<Struct>::python_class;
    auto dict = detail::fields_of(value, python_class);
    if (!dict) return tl::unexpected<Mismatch>(std::move(dict.error()));
    Struct object{};
    std::optional<tl::unexpected<Mismatch>> mismatch;
    const auto read_all = [&](const auto&... field) { return (read(**dict, field, object, mismatch) && ...); };
    if (!std::apply(read_all, Convert<Struct>::fields)) return *mismatch;
    return object;
  }

 private:
  template <class Member>
  static void write(const Struct& object, const Field<Struct, Member>& field, Dict& dict) {
    dict.add(std::string(field.name), Convert<Member>::to_value(object.*field.member));
  }

  template <class Member>
  static bool read(Dict& dict, const Field<Struct, Member>& field, Struct& object,
                   std::optional<tl::unexpected<Mismatch>>& mismatch) {
    Value* value = dict.find(field.name);
    if (value == nullptr) {
      if constexpr (detail::is_optional<Member>) return true;
      mismatch = detail::missing_field(field.name);
      return false;
    }
    auto converted = Convert<Member>::from_value(std::move(*value));
    if (converted) {
      object.*field.member = std::move(*converted);
    } else {
      mismatch = detail::mismatch_in_field(field.name, converted.error());
    }
    return converted.has_value();
  }
};

}  // namespace hearth
