#include "protocol/serial/json.h"

#include <hearth/repr.h>

#include "protocol/base/check.h"

#define RAPIDJSON_ASSERT(promise) HEARTH_CHECK(promise)
#ifdef __clang__
// RapidJSON's empty stack adds to a null pointer (internal/stack.h, Reserve). Nobody but clang's sanitizer minds.
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), apply_to = function)
#endif
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>
#include <rapidjson/writer.h>
#ifdef __clang__
#pragma clang attribute pop
#endif

#include <cmath>
#include <utility>

#include "protocol/base/wtf8.h"
#include "protocol/serial/json_text.h"
#include "protocol/serial/value_builder.h"
#include "protocol/value/float_text.h"
#include "protocol/value/repr_parts.h"

namespace hearth {
namespace {

/// The events of rapidjson::Reader, which reads a text from prepare_json().
class ReaderHandler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, ReaderHandler> {
 public:
  ReaderHandler(const std::vector<std::string_view>& numbers, const DecodeLimits& limits, const DictItemSink* sink)
      : numbers_(numbers), limits_(limits), builder_(limits, sink) {}

  bool Null() { return builder_.add(None{}); }
  bool Bool(bool b) { return builder_.add(b); }
  bool Uint(unsigned) {
    HEARTH_CHECK(next_number_ < numbers_.size());
    return number(numbers_[next_number_++]);
  }
  bool String(const char* text, rapidjson::SizeType length, bool) {
    return builder_.add(std::string_view(text, length));
  }
  bool Key(const char* text, rapidjson::SizeType length, bool) {
    return builder_.add_key(std::string_view(text, length));
  }
  bool StartArray() { return builder_.open_list(0); }
  bool EndArray(rapidjson::SizeType) { return builder_.close(); }
  bool StartObject() { return builder_.open_dict(0); }
  bool EndObject(rapidjson::SizeType) { return builder_.close(); }

  /// Any other kind of number: what "1.5.5" or "--1" become once their numbers are cut out.
  bool Default() { return refuse("Invalid number"); }

  bool refuse(std::string_view reason) {
    return builder_.refuse(ErrorKind::malformed, "invalid json: " + std::string(reason));
  }
  [[nodiscard]] Result<Value> finish() { return builder_.finish(); }

 private:
  bool number(std::string_view text) {
    if (text.find_first_of(".eEN") == std::string_view::npos && !text.ends_with("Infinity")) return integer(text);
    if (text == "NaN") return builder_.add(std::nan(""));
    if (text == "Infinity") return builder_.add(HUGE_VAL);
    if (text == "-Infinity") return builder_.add(-HUGE_VAL);
    const auto parsed = float_from_text(text);
    HEARTH_CHECK(parsed);
    return builder_.add(*parsed);
  }

  bool integer(std::string_view text) {
    if (text.size() - (text.starts_with('-') ? 1 : 0) > limits_.int_digits_max) {
      return builder_.refuse(ErrorKind::limit,
                             "int of more than " + std::to_string(limits_.int_digits_max) + " digits");
    }
    return builder_.add(int_from_decimal(text));
  }

  const std::vector<std::string_view>& numbers_;
  const DecodeLimits& limits_;
  ValueBuilder builder_;
  std::size_t next_number_ = 0;
};

/// rapidjson's output stream, onto the end of a Bytes.
struct BytesStream {
  using Ch = char;
  Bytes& out;
  // NOLINTBEGIN(readability-identifier-naming): RapidJSON's names
  void Put(char c) { out.push_back(c); }
  void Flush() {}
  // NOLINTEND(readability-identifier-naming)
};

class JsonWriter {
 public:
  explicit JsonWriter(Bytes& out) : stream_{out}, writer_(stream_) {}

  /// False: the value holds what JSON cannot carry, and problem() names it.
  bool write(const Value& value) { return std::visit(*this, value.variant()); }
  [[nodiscard]] std::string& problem() { return problem_; }

  bool string(std::string_view text) {
    // Python: json.dumps() passes them, .encode("utf-8") does not.
    if (has_lone_surrogate(text)) return refuse("'utf-8' codec can't encode a lone surrogate");
    return writer_.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  }

  bool operator()(None) { return writer_.Null(); }
  bool operator()(bool b) { return writer_.Bool(b); }
  bool operator()(std::int64_t i) { return writer_.Int64(i); }
  bool operator()(const BigInt& i) { return raw_number(i.digits); }
  bool operator()(double d) { return raw_number(float_text(d)); }
  bool operator()(const Complex&) { return refuse("Object of type complex is not JSON serializable"); }
  bool operator()(const std::string& text) { return string(text); }
  bool operator()(const ByteString&) { return refuse("Object of type bytes is not JSON serializable"); }
  bool operator()(const List& list) { return array(list.items); }
  bool operator()(const Tuple& tuple) { return array(tuple.items); }
  bool operator()(const Set& set) { return array(set.items); }
  bool operator()(const Dict& dict) {
    writer_.StartObject();
    for (const DictItem& item : dict.items) {
      if (!key(item.key) || !write(item.value)) return false;
    }
    return writer_.EndObject();
  }

 private:
  /// Python's names of the floats that have no digits (json/encoder.py, floatstr).
  static std::string float_text(double d) {
    if (std::isnan(d)) return "NaN";
    if (std::isinf(d)) return d < 0 ? "-Infinity" : "Infinity";
    std::string text;
    append_float_repr(text, d);
    return text;
  }

  bool raw_number(const std::string& text) {
    return writer_.RawValue(text.data(), text.size(), rapidjson::kNumberType);
  }

  bool array(const std::vector<Value>& items) {
    writer_.StartArray();
    for (const Value& item : items) {
      if (!write(item)) return false;
    }
    return writer_.EndArray();
  }

  /// json/encoder.py, _iterencode_dict: what becomes of keys that are no text.
  bool key(const Value& key) {
    if (const auto* text = key.as_str()) return string(*text);
    if (const auto* b = key.as<bool>()) return string(*b ? "true" : "false");
    if (const auto* d = key.as<double>()) return string(float_text(*d));
    if (key.is_none()) return string("null");
    if (key.type_name() == "int") return string(repr(key));
    return refuse("keys must be str, int, float, bool or None, not " + std::string(key.type_name()));
  }

  bool refuse(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }

  BytesStream stream_;
  rapidjson::Writer<BytesStream> writer_;
  std::string problem_;
};

Result<Value> read_json(BytesView bytes, const DecodeLimits& limits, const DictItemSink* sink) {
  auto prepared = prepare_json(bytes, limits);
  if (!prepared) return forward_error(prepared);
  ReaderHandler handler(prepared->numbers, limits, sink);
  rapidjson::InsituStringStream stream(prepared->text.data());
  rapidjson::Reader reader;
  // Not recursive, and strings are decoded in place: our copy of the text is there to be used up.
  const auto outcome = reader.Parse<rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag>(stream, handler);
  if (outcome.IsError()) {
    std::string_view reason = rapidjson::GetParseError_En(outcome.Code());
    if (reason.ends_with('.')) reason.remove_suffix(1);
    handler.refuse(reason);
  } else if (stream.Tell() != prepared->text.size()) {
    handler.refuse("a NUL character ends the text");  // which is how RapidJSON's streams end
  }
  return handler.finish();
}

}  // namespace

Result<void> JsonSerializer::dump(const Value& value, Bytes& out) const {
  const std::size_t size_before = out.size();
  JsonWriter writer(out);
  if (writer.write(value)) return {};
  out.resize(size_before);
  return fail(ErrorKind::unsupported, std::move(writer.problem()));
}

void JsonSerializer::append_dict_head(std::size_t, Bytes& out) const { out.push_back('{'); }

Result<void> JsonSerializer::dump_dict_item(std::string_view key, const Value& value, bool is_first, Bytes& out) const {
  const std::size_t size_before = out.size();
  if (!is_first) out.push_back(',');
  JsonWriter key_writer(out);  // to RapidJSON, each is a text of its own
  if (key_writer.string(key)) {
    out.push_back(':');
    JsonWriter value_writer(out);
    if (value_writer.write(value)) return {};
    key_writer.problem() = std::move(value_writer.problem());
  }
  out.resize(size_before);
  return fail(ErrorKind::unsupported, std::move(key_writer.problem()));
}

void JsonSerializer::append_dict_tail(Bytes& out) const { out.push_back('}'); }

Result<Value> JsonSerializer::load(BytesView bytes, const DecodeLimits& limits) const {
  return read_json(bytes, limits, nullptr);
}

Result<void> JsonSerializer::load_dict_items(BytesView bytes, const DecodeLimits& limits,
                                             const DictItemSink& sink) const {
  return give_rest(read_json(bytes, limits, &sink), sink);
}

Result<void> JsonSerializer::dump_call(CallValue call, Bytes& out) const {
  Dict message;
  message.items.reserve(4);
  message.add("object", std::move(call.object));
  message.add("method", std::move(call.method));
  message.add("params", std::move(call.args));
  message.add("kwargs", std::move(call.kwargs));
  return dump(std::move(message), out);
}

Result<CallValue> JsonSerializer::load_call(BytesView bytes, const DecodeLimits& limits) const {
  auto loaded = load(bytes, limits);
  if (!loaded) return forward_error(loaded);
  auto* message = loaded->as<Dict>();
  const auto part = [message](std::string_view key) { return message == nullptr ? nullptr : message->find(key); };
  Value* const object = part("object");
  Value* const method = part("method");
  Value* const params = part("params");
  Value* const kwargs = part("kwargs");
  if (object == nullptr || method == nullptr || params == nullptr || kwargs == nullptr) {
    return fail(ErrorKind::malformed, "a json call must be an object with object, method, params and kwargs");
  }
  return CallValue{std::move(*object), std::move(*method), std::move(*params), std::move(*kwargs)};
}

}  // namespace hearth
