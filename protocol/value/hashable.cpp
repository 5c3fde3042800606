#include "protocol/value/hashable.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

namespace hearth {
namespace {

enum class KeyKind : unsigned char { none, number, big_number, fraction, text, bytes };

/// Equal keys are equal values, and the order does not matter: for sorting.
using Key = std::tuple<KeyKind, std::int64_t, std::string_view>;

std::optional<Key> float_key(double value) {
  if (std::isnan(value)) return std::nullopt;  // NaN equals nothing
  constexpr double int64_limit = 9223372036854775808.0;
  if (value == std::trunc(value) && value >= -int64_limit && value < int64_limit) {
    return Key{KeyKind::number, static_cast<std::int64_t>(value), {}};
  }
  return Key{KeyKind::fraction, std::bit_cast<std::int64_t>(value), {}};
}

/// nullopt: equal to no other, as far as we look.
std::optional<Key> key_of(const Value& value) {
  if (value.is_none()) return Key{KeyKind::none, 0, {}};
  if (const auto* b = value.as<bool>()) return Key{KeyKind::number, *b ? 1 : 0, {}};
  if (const auto* i = value.as<std::int64_t>()) return Key{KeyKind::number, *i, {}};
  if (const auto* i = value.as<BigInt>()) return Key{KeyKind::big_number, 0, i->digits};
  if (const auto* d = value.as<double>()) return float_key(*d);
  if (const auto* s = value.as_str()) return Key{KeyKind::text, 0, *s};
  if (const auto* b = value.as<ByteString>()) return Key{KeyKind::bytes, 0, b->data};
  return std::nullopt;
}

void drop_duplicates(std::vector<Value>& items) {
  if (items.size() < 2) return;
  std::vector<std::pair<Key, std::size_t>> keys;
  keys.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (const auto key = key_of(items[i])) keys.emplace_back(*key, i);
  }
  std::sort(keys.begin(), keys.end());
  std::vector<bool> dropped(items.size(), false);
  bool found = false;
  for (std::size_t i = 1; i < keys.size(); ++i) {
    if (keys[i].first != keys[i - 1].first) continue;
    dropped[keys[i].second] = true;
    found = true;
  }
  if (!found) return;
  std::vector<Value> kept;
  kept.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!dropped[i]) kept.push_back(std::move(items[i]));
  }
  items = std::move(kept);
}

}  // namespace

Result<void> check_hashable(const Value& value) {
  const auto type = value.unhashable_type();
  if (!type) return {};
  return fail(ErrorKind::malformed, "unhashable type: '" + std::string(*type) + "'");
}

Result<Set> make_checked_set(std::vector<Value> items) {
  for (const Value& item : items) {
    if (auto hashable = check_hashable(item); !hashable) return forward_error(hashable);
  }
  drop_duplicates(items);
  return Set{std::move(items)};
}

}  // namespace hearth
