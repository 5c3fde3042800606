/// Value: one Python value, as Pyro's serializers know them (PYRO.md section 2, "Values").
///
/// Layer: value, public.        Thread rule: none, plain value.
/// Ownership: a Value owns everything below it; copies are deep.
/// Depth: decoders bound it (DecodeLimits::nesting_max, 200), so recursion over a Value is safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <hearth/api.h>

namespace HEARTH_API hearth {

class Value;
struct DictItem;

struct None {
  bool operator==(const None&) const = default;
};

/// A Python int that does not fit 64 bits: decimal digits, '-' in front if negative, no leading zeros.
struct BigInt {
  std::string digits;
  bool operator==(const BigInt&) const = default;
};

struct Complex {
  double real = 0;
  double imag = 0;
};

/// Python's bytes; Python's str is std::string in WTF-8 (UTF-8 that may hold lone surrogates).
struct ByteString {
  std::string data;
  bool operator==(const ByteString&) const = default;
};

struct List {
  std::vector<Value> items;
};

struct Tuple {
  std::vector<Value> items;
};

/// Unordered; decoders drop duplicates of equal text or number, nothing else relies on uniqueness.
struct Set {
  std::vector<Value> items;
};

/// Keeps the order of insertion, as Python's does. A key that occurs twice counts with its last value.
/// A "class dict" is a Dict with the key "__class__".
struct Dict {
  std::vector<DictItem> items;

  /// The value of a str key, or nullptr. Valid until the Dict changes.
  [[nodiscard]] const Value* find(std::string_view key) const;
  [[nodiscard]] Value* find(std::string_view key);
  /// Appends; does not look for an older item of the same key.
  void add(std::string key, Value value);
};

class Value {
 public:
  using Variant =
      std::variant<None, bool, std::int64_t, BigInt, double, Complex, std::string, ByteString, List, Tuple, Set, Dict>;

  Value();
  Value(None);
  Value(bool b);
  Value(int i);
  Value(std::int64_t i);
  Value(BigInt i);
  Value(double d);
  Value(Complex c);
  Value(std::string s);
  Value(std::string_view s);
  Value(const char* s);
  Value(ByteString b);
  Value(List l);
  Value(Tuple t);
  Value(Set s);
  Value(Dict d);
  Value(const Value&) = default;
  Value(Value&& other) noexcept;
  Value& operator=(const Value&) = default;
  Value& operator=(Value&& other) noexcept;
  ~Value() = default;

  /// Makes it hold this instead of what it held, and returns that.
  template <class T>
  T& emplace(T alternative = {}) {
    return variant_.emplace<T>(std::move(alternative));
  }

  [[nodiscard]] const Variant& variant() const { return variant_; }

  [[nodiscard]] bool is_none() const { return std::holds_alternative<None>(variant_); }

  /// The alternative if it is the one held, else nullptr.
  template <class T>
  [[nodiscard]] const T* as() const {
    return std::get_if<T>(&variant_);
  }
  template <class T>
  [[nodiscard]] T* as() {
    return std::get_if<T>(&variant_);
  }
  [[nodiscard]] const std::string* as_str() const { return as<std::string>(); }

  /// The elements of a list, tuple or set, else nullptr.
  [[nodiscard]] const std::vector<Value>* as_items() const;
  [[nodiscard]] std::vector<Value>* as_items();

  /// Python's truth: None, False, 0, 0.0, "", b"" and empty containers are false.
  [[nodiscard]] bool is_truthy() const;

  /// The name of the Python type, as error texts spell it: "NoneType", "int", "str", "list", …
  [[nodiscard]] std::string_view type_name() const;

  /// May be a dict key or a set element: everything but list, set, dict and tuples that hold one.
  /// Otherwise the name of the offending type, for "unhashable type: 'list'".
  [[nodiscard]] std::optional<std::string_view> unhashable_type() const;

  /// Same type and same content; sets and dicts in any order; NaN equals NaN (bitwise meaning, for tests and round trips).
  friend bool operator==(const Value& a, const Value& b);

 private:
  Variant variant_;
};

struct DictItem {
  Value key;
  Value value;
};

// Defined here because std::vector<DictItem> needs the complete DictItem.
inline Value::Value() = default;
inline Value::Value(None) {}
inline Value::Value(bool b) : variant_(b) {}
inline Value::Value(int i) : variant_(std::int64_t{i}) {}
inline Value::Value(std::int64_t i) : variant_(i) {}
inline Value::Value(BigInt i) : variant_(std::move(i)) {}
inline Value::Value(double d) : variant_(d) {}
inline Value::Value(Complex c) : variant_(c) {}
inline Value::Value(std::string s) : variant_(std::move(s)) {}
inline Value::Value(std::string_view s) : variant_(std::string(s)) {}
inline Value::Value(const char* s) : variant_(std::string(s)) {}
inline Value::Value(ByteString b) : variant_(std::move(b)) {}
inline Value::Value(List l) : variant_(std::move(l)) {}
inline Value::Value(Tuple t) : variant_(std::move(t)) {}
inline Value::Value(Set s) : variant_(std::move(s)) {}
inline Value::Value(Dict d) : variant_(std::move(d)) {}

/// `{a, b, c}` shorthands for building results.
[[nodiscard]] HEARTH_API Value make_tuple(std::vector<Value> items);
[[nodiscard]] HEARTH_API Value make_list(std::vector<Value> items);
[[nodiscard]] HEARTH_API Value make_set(std::vector<Value> items);

/// The tuple of these. Unlike an initializer list it takes over what may be moved.
template <class... Items>
[[nodiscard]] Value tuple_of(Items&&... items) {
  Tuple tuple;
  tuple.items.reserve(sizeof...(items));
  (tuple.items.emplace_back(std::forward<Items>(items)), ...);
  return tuple;
}

/// An int of any size from decimal digits with an optional '-': int64 if it fits, else BigInt. The digits must be canonical
/// or at least plain ASCII digits; leading zeros are dropped.
[[nodiscard]] HEARTH_API Value int_from_decimal(std::string_view digits);

}  // namespace hearth
