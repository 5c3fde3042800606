/// The behavioural contract of serializer.h, run against every serializer (serializer_contract_test.cpp).
///
/// What a format cannot carry is told by its traits; everything else must come back as it was.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <hearth/repr.h>

#include "protocol/base/wtf8.h"
#include "protocol/serial/serializer.h"
#include "tests/contract/serializer_corpus.h"
#include "tests/support/exact_bytes.h"

namespace hearth {

struct SerializerTraits {
  bool tuples = true;           ///< else they come back as lists
  bool sets = true;             ///< else they come back as lists
  bool empty_sets = true;       ///< else they come back as empty tuples
  bool bytes = true;            ///< else dump() refuses them
  bool complex_numbers = true;  ///< else dump() refuses them
  bool lone_surrogates = true;  ///< else dump() refuses them
  bool any_keys = true;         ///< else only str keys come back as they were
};

namespace contract {

inline bool has_other_keys(const Value& value) {
  if (const auto* items = value.as_items()) {
    for (const Value& item : *items) {
      if (has_other_keys(item)) return true;
    }
  }
  if (const auto* dict = value.as<Dict>()) {
    for (const DictItem& item : dict->items) {
      if (item.key.as_str() == nullptr || has_other_keys(item.value)) return true;
    }
  }
  return false;
}

inline bool is_carried(const Value& value, const SerializerTraits& traits) {
  if (value.as<ByteString>() != nullptr) return traits.bytes;
  if (value.as<Complex>() != nullptr) return traits.complex_numbers;
  if (const auto* text = value.as_str()) return traits.lone_surrogates || !has_lone_surrogate(*text);
  if (const auto* items = value.as_items()) {
    for (const Value& item : *items) {
      if (!is_carried(item, traits)) return false;
    }
  }
  if (const auto* dict = value.as<Dict>()) {
    for (const DictItem& item : dict->items) {
      if (!is_carried(item.key, traits) || !is_carried(item.value, traits)) return false;
    }
  }
  return true;
}

/// The value as it must come back.
inline Value after_travel(const Value& value, const SerializerTraits& traits) {
  if (const auto* dict = value.as<Dict>()) {
    Dict result;
    for (const DictItem& item : dict->items) result.items.push_back({item.key, after_travel(item.value, traits)});
    return result;
  }
  const auto* items = value.as_items();
  if (items == nullptr) return value;
  std::vector<Value> result;
  for (const Value& item : *items) result.push_back(after_travel(item, traits));
  if (value.as<Tuple>() != nullptr && traits.tuples) return make_tuple(std::move(result));
  if (value.as<Set>() != nullptr && traits.sets) {
    return result.empty() && !traits.empty_sets ? make_tuple({}) : make_set(std::move(result));
  }
  return make_list(std::move(result));
}

inline Bytes dumped(const Serializer& serializer, const Value& value) {
  Bytes out;
  REQUIRE(serializer.dump(value, out).has_value());
  return out;
}

inline Result<Value> load(const Serializer& serializer, BytesView bytes, const DecodeLimits& limits = {}) {
  const ExactBytes exact(bytes);
  return serializer.load(exact.view(), limits);
}

inline void check_travel(const Serializer& serializer, const SerializerTraits& traits, const Value& value) {
  if (!traits.any_keys && has_other_keys(value)) return;
  Bytes out = "before";
  const auto outcome = serializer.dump(value, out);
  if (!is_carried(value, traits)) {
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().kind == ErrorKind::unsupported);
    CHECK(out == "before");
    return;
  }
  REQUIRE(outcome.has_value());
  REQUIRE(out.starts_with("before"));
  const auto loaded = load(serializer, BytesView(out).substr(6));
  REQUIRE(loaded.has_value());
  CHECK(*loaded == after_travel(value, traits));
}

/// The items of a dict come out of load_dict_items() as they do out of load().
inline void check_dict_items(const Serializer& serializer, const Value& value) {
  Bytes bytes;
  if (!serializer.dump(value, bytes)) return;
  const ExactBytes exact(bytes);
  Dict items;
  const auto add = [&items](Value key, Value item) { items.items.push_back({std::move(key), std::move(item)}); };
  const auto outcome = serializer.load_dict_items(exact.view(), {}, add);
  const auto whole = load(serializer, bytes);
  REQUIRE(outcome.has_value() == whole.has_value());
  if (whole) CHECK(Value(items) == *whole);
}

/// And nothing else has any.
inline void check_no_dict_items(const Serializer& serializer) {
  const auto never = [](const Value&, const Value&) { FAIL("an item"); };
  for (const Value& value : {Value(), Value(1), Value("text"), make_list({dict_of({{"k", 1}})})}) {
    const auto outcome = serializer.load_dict_items(dumped(serializer, value), {}, never);
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().kind == ErrorKind::malformed);
  }
  const Bytes whole = dumped(serializer, dict_of({{"one", 1}, {"two", make_list({2})}}));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const ExactBytes exact(BytesView(whole).substr(0, length));
    CHECK_FALSE(serializer.load_dict_items(exact.view(), {}, [](const Value&, const Value&) {}).has_value());
  }
  const DecodeLimits few{.value_nodes_max = 4};
  const auto outcome = serializer.load_dict_items(whole, few, [](const Value&, const Value&) {});
  CHECK(outcome.error().kind == ErrorKind::limit);
}

inline void check_values(const Serializer& serializer, const SerializerTraits& traits) {
  for (const auto& values : {numbers(), texts(), containers()}) {
    for (const Value& value : values) {
      CAPTURE(repr(value).substr(0, 200));
      check_travel(serializer, traits, value);
      check_travel(serializer, traits, make_list({make_tuple({value}), dict_of({{"key", value}})}));
      if (value.as<Dict>() != nullptr) check_dict_items(serializer, value);
      check_dict_items(serializer, dict_of({{"one", value}, {"two", dict_of({{"inner", value}})}, {"three", 3}}));
    }
  }
  const auto zero = load(serializer, dumped(serializer, -0.0));
  CHECK(std::signbit(*zero->as<double>()));
}

inline void check_broken_bytes(const Serializer& serializer) {
  const Value value = make_list({1, -2.5, "text \u20ac", dict_of({{"key", make_list({None{}, true})}}),
                                 BigInt{"123456789012345678901234567890"}, 1e300});
  const Bytes whole = dumped(serializer, value);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    const auto loaded = load(serializer, BytesView(whole).substr(0, length));
    REQUIRE_FALSE(loaded.has_value());
    CHECK(loaded.error().kind == ErrorKind::malformed);
    CHECK_FALSE(loaded.error().text.empty());
  }
  const auto followed = load(serializer, whole + "N");
  REQUIRE_FALSE(followed.has_value());
  CHECK(followed.error().kind == ErrorKind::malformed);
  // Any single wrong byte: another value or an error, but nothing worse.
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const unsigned flip : {0x01U, 0x20U, 0x80U, 0xFFU}) {
      Bytes broken = whole;
      broken[i] = static_cast<char>(static_cast<unsigned char>(broken[i]) ^ flip);
      const auto loaded = load(serializer, broken);
      if (!loaded) CHECK_FALSE(loaded.error().text.empty());
    }
  }
}

inline bool hits_limit(const Serializer& serializer, const Value& value, const DecodeLimits& limits) {
  const auto loaded = load(serializer, dumped(serializer, value), limits);
  if (loaded) return false;
  CHECK(loaded.error().kind == ErrorKind::limit);
  return true;
}

/// `levels` lists, or dicts, inside each other. Moved, not copied, at every level: copies would be quadratic.
inline Value nested(std::size_t levels, bool in_dicts) {
  Value value = in_dicts ? Value(Dict{}) : Value(List{});
  for (std::size_t i = 1; i < levels; ++i) {
    if (in_dicts) {
      Dict outer;
      outer.add("k", std::move(value));
      value = std::move(outer);
    } else {
      List outer;
      outer.items.push_back(std::move(value));
      value = std::move(outer);
    }
  }
  return value;
}

inline void check_limits(const Serializer& serializer) {
  for (const bool in_dicts : {false, true}) {
    const DecodeLimits shallow{.nesting_max = 10};
    CHECK_FALSE(hits_limit(serializer, nested(10, in_dicts), shallow));
    CHECK(hits_limit(serializer, nested(11, in_dicts), shallow));
    CHECK_FALSE(hits_limit(serializer, nested(DecodeLimits{}.nesting_max, in_dicts), {}));
    CHECK(hits_limit(serializer, nested(2000, in_dicts), {}));
  }

  const DecodeLimits few{.value_nodes_max = 10};
  CHECK_FALSE(hits_limit(serializer, make_list(std::vector<Value>(9, Value(1))), few));
  CHECK(hits_limit(serializer, make_list(std::vector<Value>(10, Value(1))), few));
  CHECK(hits_limit(serializer, make_list(std::vector<Value>(5, make_list({1}))), few));
  CHECK(hits_limit(serializer, dict_of({{"a", 1}, {"b", 2}, {"c", 3}, {"d", 4}, {"e", 5}}), few));

  const DecodeLimits short_ints{.int_digits_max = 30};
  CHECK_FALSE(hits_limit(serializer, BigInt{std::string(30, '9')}, short_ints));
  CHECK_FALSE(hits_limit(serializer, BigInt{"-" + std::string(30, '9')}, short_ints));
  CHECK(hits_limit(serializer, BigInt{"1" + std::string(30, '0')}, short_ints));
  CHECK(hits_limit(serializer, BigInt{std::string(4301, '9')}, {}));
}

inline void check_calls(const Serializer& serializer, const SerializerTraits& traits) {
  const Value args = make_tuple({"name", make_set({"tag"}), 5});
  const Value kwargs = dict_of({{"safe", true}, {"metadata", make_list({"a"})}});
  Bytes out = "before";
  REQUIRE(serializer.dump_call({"Pyro.NameServer", "register", args, kwargs}, out).has_value());
  REQUIRE(out.starts_with("before"));
  const ExactBytes exact(BytesView(out).substr(6));
  const auto call = serializer.load_call(exact.view(), {});
  REQUIRE(call.has_value());
  CHECK(call->object == Value("Pyro.NameServer"));
  CHECK(call->method == Value("register"));
  CHECK(call->args == after_travel(args, traits));
  CHECK(call->kwargs == kwargs);

  for (const Value& no_call :
       {Value(42), Value(None{}), make_tuple({1, 2, 3}), make_list({1, 2, 3, 4, 5}), Value(Dict{})}) {
    const auto refused = serializer.load_call(dumped(serializer, no_call), {});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().kind == ErrorKind::malformed);
  }
  if (!traits.lone_surrogates) {
    Bytes kept = "before";
    CHECK_FALSE(serializer.dump_call({"object", "method", make_tuple({"\xed\xa0\x80"}), Dict{}}, kept).has_value());
    CHECK(kept == "before");
  }
}

inline Bytes dumped_in_pieces(const Serializer& serializer, const Dict& dict) {
  Bytes items;
  for (const DictItem& item : dict.items) {
    REQUIRE(serializer.dump_dict_item(*item.key.as_str(), item.value, items.empty(), items).has_value());
  }
  Bytes whole;
  serializer.append_dict_head(dict.items.size(), whole);
  whole += items;
  serializer.append_dict_tail(whole);
  return whole;
}

/// Byte for byte: so a reply looks the same however it was made.
inline void check_dicts_in_pieces(const Serializer& serializer, const SerializerTraits& traits) {
  for (const std::size_t count : {0U, 1U, 2U, 15U, 16U, 70000U}) {  // where the lengths of msgpack's head change
    Dict dict;
    for (std::size_t i = 0; i < count; ++i) {
      dict.add("näme '" + std::to_string(i), i % 2 == 0 ? Value("uri") : make_tuple({"uri", make_set({"a", "b"})}));
    }
    CAPTURE(count);
    CHECK(dumped_in_pieces(serializer, dict) == dumped(serializer, dict));
  }
  Bytes kept = "before";
  for (const auto& values : {numbers(), texts(), containers()}) {
    for (const Value& value : values) {
      CAPTURE(repr(value).substr(0, 200));
      const Dict dict = *dict_of({{"key", value}}).as<Dict>();
      if (Bytes whole; serializer.dump(dict, whole)) {
        CHECK(dumped_in_pieces(serializer, dict) == whole);
      } else {
        CHECK_FALSE(serializer.dump_dict_item("key", value, false, kept).has_value());
        CHECK(kept == "before");
      }
    }
  }
  if (!traits.lone_surrogates) CHECK_FALSE(serializer.dump_dict_item("\xed\xa0\x80", 1, true, kept).has_value());
  CHECK(kept == "before");
}

}  // namespace contract

inline void check_serializer_contract(const Serializer& serializer, const SerializerTraits& traits) {
  CAPTURE(to_string(serializer.name()));
  contract::check_values(serializer, traits);
  contract::check_broken_bytes(serializer);
  contract::check_limits(serializer);
  contract::check_no_dict_items(serializer);
  contract::check_calls(serializer, traits);
  contract::check_dicts_in_pieces(serializer, traits);
}

}  // namespace hearth
