/// Convert<T> for the containers of the standard library. Included by <hearth/convert.h>.
///
/// Layer: client-lib, public.        Thread rule: none, pure functions.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include <hearth/api.h>
#include <hearth/convert.h>

namespace HEARTH_API hearth {
namespace detail {

[[nodiscard]] HEARTH_API tl::unexpected<Mismatch> mismatch_in_item(std::size_t index, const Mismatch& inner);
/// In the value that a dict has for the key.
[[nodiscard]] HEARTH_API tl::unexpected<Mismatch> mismatch_in_value_of(const Value& key, const Mismatch& inner);
[[nodiscard]] HEARTH_API tl::unexpected<Mismatch> wrong_count(std::size_t expected, const Value& got);

/// Adds each item to the end of the container.
template <class Container>
Converted<Container> read_items(Value value, std::string_view expected) {
  std::vector<Value>* items = value.as_items();
  if (items == nullptr) return mismatch(expected, value);
  Container container;
  if constexpr (requires { container.reserve(items->size()); }) container.reserve(items->size());
  for (std::size_t i = 0; i < items->size(); ++i) {
    auto item = Convert<typename Container::value_type>::from_value(std::move((*items)[i]));
    if (!item) return mismatch_in_item(i, item.error());
    container.insert(container.end(), std::move(*item));
  }
  return container;
}

template <class Container>
std::vector<Value> item_values(const Container& container) {
  std::vector<Value> values;
  values.reserve(container.size());
  for (const auto& item : container) values.push_back(Convert<typename Container::value_type>::to_value(item));
  return values;
}

template <class Container>
struct ConvertSequence {
  static Value to_value(const Container& container) { return List{item_values(container)}; }
  static Converted<Container> from_value(Value value) { return read_items<Container>(std::move(value), "list"); }
};

template <class Container>
struct ConvertSet {
  static Value to_value(const Container& container) { return Set{item_values(container)}; }
  static Converted<Container> from_value(Value value) { return read_items<Container>(std::move(value), "set"); }
};

template <class Container>
struct ConvertMap {
  using Key = typename Container::key_type;
  using Mapped = typename Container::mapped_type;

  static Value to_value(const Container& container) {
    Dict dict;
    dict.items.reserve(container.size());
    for (const auto& [key, mapped] : container) {
      dict.items.push_back({Convert<Key>::to_value(key), Convert<Mapped>::to_value(mapped)});
    }
    return dict;
  }

  static Converted<Container> from_value(Value value) {
    Dict* dict = value.as<Dict>();
    if (dict == nullptr) return mismatch("dict", value);
    Container container;
    for (DictItem& item : dict->items) {
      auto key = Convert<Key>::from_value(item.key);
      if (!key) return mismatch_in("a key", key.error());
      auto mapped = Convert<Mapped>::from_value(std::move(item.value));
      if (!mapped) return mismatch_in_value_of(item.key, mapped.error());
      container.insert_or_assign(std::move(*key), std::move(*mapped));
    }
    return container;
  }
};

/// For std::pair, std::tuple and std::array.
template <class TupleType>
Converted<TupleType> read_tuple(Value value, std::string_view expected) {
  constexpr std::size_t size = std::tuple_size_v<TupleType>;
  std::vector<Value>* items = value.as_items();
  if (items == nullptr) return mismatch(expected, value);
  if (items->size() != size) return wrong_count(size, value);
  return [items]<std::size_t... index>(std::index_sequence<index...>)->Converted<TupleType> {
    std::tuple<Converted<std::tuple_element_t<index, TupleType>>...> parts{
        Convert<std::tuple_element_t<index, TupleType>>::from_value(std::move((*items)[index]))...};
    std::optional<tl::unexpected<Mismatch>> first_mismatch;
    [[maybe_unused]] const auto check = [&first_mismatch](std::size_t place, const auto& part) {
      if (!part && !first_mismatch) first_mismatch = mismatch_in_item(place, part.error());
    };
    (check(index, std::get<index>(parts)), ...);
    if (first_mismatch) return *first_mismatch;
    return TupleType{std::move(*std::get<index>(parts))...};
  }
  (std::make_index_sequence<size>());
}

template <class TupleType>
struct ConvertTuple {
  static Value to_value(const TupleType& tuple) {
    return std::apply(
        [](const auto&... part) { return Tuple{{Convert<std::decay_t<decltype(part)>>::to_value(part)...}}; }, tuple);
  }
  static Converted<TupleType> from_value(Value value) { return read_tuple<TupleType>(std::move(value), "tuple"); }
};

}  // namespace detail

template <class T, class Allocator>
struct Convert<std::vector<T, Allocator>> : detail::ConvertSequence<std::vector<T, Allocator>> {};

template <class T, std::size_t size>
struct Convert<std::array<T, size>> {
  static Value to_value(const std::array<T, size>& array) { return List{detail::item_values(array)}; }
  static Converted<std::array<T, size>> from_value(Value value) {
    return detail::read_tuple<std::array<T, size>>(std::move(value), "list");
  }
};

template <class T, class Compare, class Allocator>
struct Convert<std::set<T, Compare, Allocator>> : detail::ConvertSet<std::set<T, Compare, Allocator>> {};
template <class T, class Hash, class Equal, class Allocator>
struct Convert<std::unordered_set<T, Hash, Equal, Allocator>>
    : detail::ConvertSet<std::unordered_set<T, Hash, Equal, Allocator>> {};

template <class Key, class T, class Compare, class Allocator>
struct Convert<std::map<Key, T, Compare, Allocator>> : detail::ConvertMap<std::map<Key, T, Compare, Allocator>> {};
template <class Key, class T, class Hash, class Equal, class Allocator>
struct Convert<std::unordered_map<Key, T, Hash, Equal, Allocator>>
    : detail::ConvertMap<std::unordered_map<Key, T, Hash, Equal, Allocator>> {};

template <class First, class Second>
struct Convert<std::pair<First, Second>> : detail::ConvertTuple<std::pair<First, Second>> {};
template <class... Parts>
struct Convert<std::tuple<Parts...>> : detail::ConvertTuple<std::tuple<Parts...>> {};

template <class T>
struct Convert<std::optional<T>> {
  static Value to_value(const std::optional<T>& object) { return object ? Convert<T>::to_value(*object) : Value(); }
  static Converted<std::optional<T>> from_value(Value value) {
    if (value.is_none()) return std::optional<T>();
    return Convert<T>::from_value(std::move(value)).map([](T&& object) { return std::optional<T>(std::move(object)); });
  }
};

/// Each alternative is tried with a copy of the value: not for large ones. An int fits double too, so int goes in front.
template <class... Alternatives>
struct Convert<std::variant<Alternatives...>> {
  using Variant = std::variant<Alternatives...>;

  static Value to_value(const Variant& variant) {
    return std::visit([](const auto& held) { return Convert<std::decay_t<decltype(held)>>::to_value(held); }, variant);
  }
  static Converted<Variant> from_value(const Value& value) {
    std::optional<Variant> found;
    if ((try_alternative<Alternatives>(value, found) || ...)) return std::move(*found);
    return mismatch("one of " + std::to_string(sizeof...(Alternatives)) + " types", value);
  }

 private:
  template <class Alternative>
  static bool try_alternative(const Value& value, std::optional<Variant>& found) {
    auto converted = Convert<Alternative>::from_value(value);
    if (converted) found.emplace(std::in_place_type<Alternative>, std::move(*converted));
    return converted.has_value();
  }
};

}  // namespace hearth
