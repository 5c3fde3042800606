#include <hearth/value.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "protocol/base/check.h"

namespace hearth {
namespace {

bool same_double(double a, double b) { return (std::isnan(a) && std::isnan(b)) || a == b; }

bool same_in_order(const std::vector<Value>& a, const std::vector<Value>& b) { return a == b; }

/// Every element of `a` finds a partner of its own in `b`. Quadratic: meant for tests and small values.
template <class Item, class Same>
bool same_in_any_order(const std::vector<Item>& a, const std::vector<Item>& b, Same same) {
  if (a.size() != b.size()) return false;
  std::vector<bool> taken(b.size(), false);
  for (const Item& item : a) {
    bool found = false;
    for (std::size_t i = 0; i < b.size() && !found; ++i) {
      if (taken[i] || !same(item, b[i])) continue;
      taken[i] = true;
      found = true;
    }
    if (!found) return false;
  }
  return true;
}

struct SameContent {
  template <class A, class B>
  bool operator()(const A&, const B&) const {
    return false;
  }
  bool operator()(const None&, const None&) const { return true; }
  bool operator()(bool a, bool b) const { return a == b; }
  bool operator()(std::int64_t a, std::int64_t b) const { return a == b; }
  bool operator()(const BigInt& a, const BigInt& b) const { return a == b; }
  bool operator()(double a, double b) const { return same_double(a, b); }
  bool operator()(const Complex& a, const Complex& b) const {
    return same_double(a.real, b.real) && same_double(a.imag, b.imag);
  }
  bool operator()(const std::string& a, const std::string& b) const { return a == b; }
  bool operator()(const ByteString& a, const ByteString& b) const { return a == b; }
  bool operator()(const List& a, const List& b) const { return same_in_order(a.items, b.items); }
  bool operator()(const Tuple& a, const Tuple& b) const { return same_in_order(a.items, b.items); }
  bool operator()(const Set& a, const Set& b) const {
    return same_in_any_order(a.items, b.items, [](const Value& x, const Value& y) { return x == y; });
  }
  bool operator()(const Dict& a, const Dict& b) const {
    return same_in_any_order(a.items, b.items,
                             [](const DictItem& x, const DictItem& y) { return x.key == y.key && x.value == y.value; });
  }
};

struct Truth {
  bool operator()(const None&) const { return false; }
  bool operator()(bool b) const { return b; }
  bool operator()(std::int64_t i) const { return i != 0; }
  bool operator()(const BigInt&) const { return true; }
  bool operator()(double d) const { return d != 0; }
  bool operator()(const Complex& c) const { return c.real != 0 || c.imag != 0; }
  bool operator()(const std::string& s) const { return !s.empty(); }
  bool operator()(const ByteString& b) const { return !b.data.empty(); }
  bool operator()(const List& l) const { return !l.items.empty(); }
  bool operator()(const Tuple& t) const { return !t.items.empty(); }
  bool operator()(const Set& s) const { return !s.items.empty(); }
  bool operator()(const Dict& d) const { return !d.items.empty(); }
};

/// libstdc++ moves a variant of so many alternatives through a table of functions, which nothing is inlined into. Moving values was an
/// eighth of what a lookup costs; what most values hold is recognised here.
Value::Variant taken(Value::Variant& from) noexcept {
  if (auto* text = std::get_if<std::string>(&from)) return std::move(*text);
  if (std::holds_alternative<None>(from)) return None{};
  if (auto* dict = std::get_if<Dict>(&from)) return std::move(*dict);
  if (auto* tuple = std::get_if<Tuple>(&from)) return std::move(*tuple);
  if (auto* list = std::get_if<List>(&from)) return std::move(*list);
  return std::move(from);
}

}  // namespace

Value::Value(Value&& other) noexcept : variant_(taken(other.variant_)) {}

Value& Value::operator=(Value&& other) noexcept {
  if (auto* text = other.as<std::string>()) {
    variant_ = std::move(*text);
  } else {
    variant_ = std::move(other.variant_);
  }
  return *this;
}

const Value* Dict::find(std::string_view key) const {
  const auto found = std::find_if(items.rbegin(), items.rend(), [key](const DictItem& item) {
    const std::string* text = item.key.as_str();
    return text != nullptr && *text == key;
  });
  return found == items.rend() ? nullptr : &found->value;
}

Value* Dict::find(std::string_view key) { return const_cast<Value*>(std::as_const(*this).find(key)); }

void Dict::add(std::string key, Value value) {
  if (items.capacity() == 0) items.reserve(2);  // who adds one mostly adds another
  DictItem& item = items.emplace_back();
  item.key.emplace<std::string>(std::move(key));
  item.value = std::move(value);
}

const std::vector<Value>* Value::as_items() const {
  if (const auto* list = as<List>()) return &list->items;
  if (const auto* tuple = as<Tuple>()) return &tuple->items;
  if (const auto* set = as<Set>()) return &set->items;
  return nullptr;
}

std::vector<Value>* Value::as_items() { return const_cast<std::vector<Value>*>(std::as_const(*this).as_items()); }

bool Value::is_truthy() const { return std::visit(Truth{}, variant_); }

std::string_view Value::type_name() const {
  constexpr std::string_view names[] = {"NoneType", "bool",  "int",  "int",   "float", "complex",
                                        "str",      "bytes", "list", "tuple", "set",   "dict"};
  static_assert(std::size(names) == std::variant_size_v<Variant>);
  return names[variant_.index()];
}

std::optional<std::string_view> Value::unhashable_type() const {
  if (as<List>() != nullptr || as<Set>() != nullptr || as<Dict>() != nullptr) return type_name();
  if (const auto* tuple = as<Tuple>()) {
    for (const Value& item : tuple->items) {
      if (const auto type = item.unhashable_type()) return type;
    }
  }
  return std::nullopt;
}

bool operator==(const Value& a, const Value& b) { return std::visit(SameContent{}, a.variant_, b.variant_); }

Value make_tuple(std::vector<Value> items) { return Tuple{std::move(items)}; }
Value make_list(std::vector<Value> items) { return List{std::move(items)}; }
Value make_set(std::vector<Value> items) { return Set{std::move(items)}; }

Value int_from_decimal(std::string_view digits) {
  const bool negative = digits.starts_with('-');
  std::string_view magnitude = digits.substr(negative ? 1 : 0);
  HEARTH_CHECK(!magnitude.empty());
  while (magnitude.size() > 1 && magnitude.front() == '0') magnitude.remove_prefix(1);
  const std::string canonical = (negative ? "-" : "") + std::string(magnitude);
  std::int64_t small = 0;
  const auto [end, status] = std::from_chars(canonical.data(), canonical.data() + canonical.size(), small);
  if (status == std::errc::result_out_of_range) return BigInt{canonical};
  HEARTH_CHECK(status == std::errc() && end == canonical.data() + canonical.size());
  return small;
}

}  // namespace hearth
