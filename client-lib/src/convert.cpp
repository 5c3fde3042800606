#include <hearth/convert.h>
#include <hearth/convert_fields.h>

#include <cstddef>
#include <optional>

#include <hearth/repr.h>

#include "protocol/rpc/class_dicts.h"
#include "protocol/value/float_text.h"

namespace hearth {
namespace {

/// So much of a text or number is shown.
constexpr std::size_t shown_bytes_max = 40;

std::string shortened(std::string_view text) {
  if (text.size() <= shown_bytes_max) return std::string(text);
  constexpr auto is_continuation = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; };
  std::size_t end = shown_bytes_max;
  while (end > 0 && is_continuation(text[end])) --end;
  return std::string(text.substr(0, end)) + "…";
}

/// "str 'x'", "list of 3", "None": a large value must not become a large text.
std::string described(const Value& value) {
  const std::string type = python_type_name(value);
  if (value.is_none()) return "None";
  if (const auto* text = value.as_str()) return type + " " + repr(shortened(*text));
  if (const auto* bytes = value.as<ByteString>()) return type + " of " + std::to_string(bytes->data.size());
  if (const auto* items = value.as_items()) return type + " of " + std::to_string(items->size());
  if (const auto* dict = value.as<Dict>())
    return type == "dict" ? "dict of " + std::to_string(dict->items.size()) : type;
  return type + " " + shortened(repr(value));
}

tl::unexpected<Mismatch> mismatch_of(std::string text) { return tl::unexpected<Mismatch>(Mismatch{std::move(text)}); }

/// Of an int of any size.
std::optional<double> number_of(const Value& value) {
  if (const auto* number = value.as<double>()) return *number;
  if (const auto* number = value.as<std::int64_t>()) return static_cast<double>(*number);
  if (const auto* number = value.as<BigInt>()) return float_from_text(number->digits);
  return std::nullopt;
}

/// The text of the URI that a Proxy object stands for (Pyro4/core.py Proxy.__getstate_for_dict__).
const std::string* proxy_uri(const Value& value) {
  const Dict* dict = value.as<Dict>();
  const Value* state = dict == nullptr ? nullptr : dict->find("state");
  const auto* parts = state == nullptr ? nullptr : state->as_items();
  return parts == nullptr || parts->empty() ? nullptr : parts->front().as_str();
}

}  // namespace

tl::unexpected<Mismatch> mismatch(std::string_view expected, const Value& got) {
  return mismatch_of("expected " + std::string(expected) + ", got " + described(got));
}

tl::unexpected<Mismatch> mismatch_in(std::string_view place, const Mismatch& inner) {
  return mismatch_of(std::string(place) + ": " + inner.text);
}

namespace detail {

tl::unexpected<Mismatch> int_out_of_range(std::string_view least, std::string_view most, const Value& got) {
  return mismatch("an int from " + std::string(least) + " to " + std::string(most), got);
}

tl::unexpected<Mismatch> mismatch_in_item(std::size_t index, const Mismatch& inner) {
  return mismatch_in("item " + std::to_string(index), inner);
}

tl::unexpected<Mismatch> mismatch_in_value_of(const Value& key, const Mismatch& inner) {
  return mismatch_in("the value of " + described(key), inner);
}

tl::unexpected<Mismatch> wrong_count(std::size_t expected, const Value& got) {
  return mismatch(std::to_string(expected) + " items", got);
}

tl::expected<Dict*, Mismatch> fields_of(Value& value, std::string_view python_class) {
  Dict* dict = value.as<Dict>();
  const std::string_view expected = python_class.empty() ? "dict" : python_class;
  if (dict == nullptr) return mismatch(expected, value);
  if (python_class.empty()) return dict;
  const Value* name = dict->find("__class__");
  if (name == nullptr) return mismatch(expected, value);
  if (name->as_str() == nullptr || *name->as_str() != python_class) {
    return mismatch_of("expected " + std::string(expected) + ", got " +
                       (name->as_str() != nullptr ? shortened(*name->as_str()) : described(*name)));
  }
  return dict;
}

tl::unexpected<Mismatch> mismatch_in_field(std::string_view name, const Mismatch& inner) {
  return mismatch_in("field '" + std::string(name) + "'", inner);
}

tl::unexpected<Mismatch> missing_field(std::string_view name) {
  return mismatch_of("the field '" + std::string(name) + "' is missing");
}

}  // namespace detail

Value Convert<BigInt>::to_value(const BigInt& number) { return int_from_decimal(number.digits); }

Converted<BigInt> Convert<BigInt>::from_value(Value value) {
  if (auto* big = value.as<BigInt>()) return std::move(*big);
  if (const auto* number = value.as<std::int64_t>()) return BigInt{std::to_string(*number)};
  return mismatch("int", value);
}

Converted<double> Convert<double>::from_value(const Value& value) {
  if (const auto number = number_of(value)) return *number;
  return mismatch("float", value);
}

Converted<Complex> Convert<Complex>::from_value(const Value& value) {
  if (const auto* number = value.as<Complex>()) return *number;
  if (const auto number = number_of(value)) return Complex{*number, 0};
  return mismatch("complex", value);
}

Converted<Uri> Convert<Uri>::from_value(const Value& value) {
  if (is_uri_value(value)) {
    auto uri = uri_from_value(value);
    if (!uri) return mismatch_of(uri.error().text);
    return std::move(*uri);
  }
  const std::string* text = is_proxy_value(value) ? proxy_uri(value) : value.as_str();
  if (text == nullptr) return mismatch("URI", value);
  auto uri = parse_uri(*text);
  if (!uri) return mismatch_of(uri.error().text + ": " + shortened(*text));
  return std::move(*uri);
}

}  // namespace hearth
