#include "protocol/serial/marshal_reader.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <string>
#include <utility>

#include "protocol/base/wtf8.h"
#include "protocol/serial/limit_errors.h"
#include "protocol/serial/marshal_types.h"
#include "protocol/value/bigint.h"
#include "protocol/value/float_text.h"
#include "protocol/value/hashable.h"

namespace hearth {
namespace {

/// A value with FLAG_REF that has been met. Referring to it means reading its bytes again: nothing has to be
/// copied in advance, and the ordinary limits apply to what it unfolds into.
struct Referent {
  std::size_t offset;
  bool is_complete;
};

/// Follows r_object() of Python/marshal.c. Every read_ function fills its argument; on false, error_ says
/// why.
class MarshalReader {
 public:
  MarshalReader(BytesView bytes, const DecodeLimits& limits, const DictItemSink* sink)
      : bytes_(bytes), in_(bytes), limits_(limits), sink_(sink) {}

  Result<Value> read() {
    Value value;
    if (!charge(1) || !read_value(value) || !check_end()) return tl::unexpected<Error>(std::move(*error_));
    return value;
  }

 private:
  // ---- limits and primitives

  bool failed(Error error) {
    error_ = std::move(error);
    return false;
  }

  bool malformed(std::string text) {
    return failed({ErrorKind::malformed, "bad marshal data (" + std::move(text) + ")"});
  }

  bool too_short() { return failed({ErrorKind::malformed, "marshal data too short"}); }

  bool check_end() { return in_.at_end() || malformed("bytes behind the value"); }

  bool charge(std::size_t nodes) {
    if (nodes > limits_.value_nodes_max - nodes_used_) return failed(too_many_values(limits_));
    nodes_used_ += nodes;
    return true;
  }

  /// Text is backed by the input when it is met, but not when it is referred to: then it counts like values
  /// of its size.
  bool charge_text(std::size_t bytes) { return !is_replaying_ || charge(bytes / sizeof(Value)); }

  /// A signed 32-bit length.
  bool read_size(std::size_t& size) {
    const auto raw = in_.u32_le();
    if (!raw) return too_short();
    if (*raw > 0x7FFFFFFF) return malformed("size out of range");
    size = *raw;
    return true;
  }

  bool read_short_size(std::size_t& size) {
    const auto raw = in_.u8();
    if (!raw) return too_short();
    size = *raw;
    return true;
  }

  bool take(std::size_t size, BytesView& taken) {
    const auto bytes = in_.take(size);
    if (!bytes) return too_short();
    taken = *bytes;
    return charge_text(size);
  }

  // ---- values

  /// Does not charge for the value itself: whoever reserved the place for it did.
  bool read_value(Value& value) {
    const std::size_t offset = bytes_.size() - in_.remaining();
    const auto head = in_.u8();
    if (!head) return too_short();
    const char type = static_cast<char>(*head & ~marshal_type::reference_flag);
    // Singletons take no reference number, flag or not.
    if (read_singleton(type, value)) return true;
    if (type == marshal_type::reference) return read_reference(value);
    // Containers take their number before their content does. When replaying, all numbers are taken.
    const bool is_referent = (*head & marshal_type::reference_flag) != 0 && !is_replaying_;
    const std::size_t number = referents_.size();
    if (is_referent) referents_.push_back({offset, false});
    if (!read_content(type, value)) return false;
    if (is_referent) referents_[number].is_complete = true;
    return true;
  }

  static bool read_singleton(char type, Value& value) {
    switch (type) {
      case marshal_type::none: value = None{}; return true;
      case marshal_type::true_: value = true; return true;
      case marshal_type::false_: value = false; return true;
      default: return false;
    }
  }

  bool read_content(char type, Value& value) {
    switch (type) {
      case marshal_type::int32: return read_int32(value);
      case marshal_type::int64: return read_int64(value);
      case marshal_type::long_: return read_long(value);
      case marshal_type::float_text: return read_float(true, value);
      case marshal_type::float_binary: return read_float(false, value);
      case marshal_type::complex_text: return read_complex(true, value);
      case marshal_type::complex_binary: return read_complex(false, value);
      case marshal_type::bytes: return read_bytes(value);
      case marshal_type::unicode:
      case marshal_type::interned: return read_unicode(value);
      case marshal_type::ascii:
      case marshal_type::ascii_interned: return read_ascii(false, value);
      case marshal_type::short_ascii:
      case marshal_type::short_ascii_interned: return read_ascii(true, value);
      default: return read_container(type, value);
    }
  }

  bool read_reference(Value& value) {
    const auto number = in_.u32_le();
    if (!number) return too_short();
    if (*number >= referents_.size()) return malformed("invalid reference");
    const Referent& referent = referents_[*number];
    if (!referent.is_complete) return malformed("a container inside itself");
    const ByteReader behind = std::exchange(in_, ByteReader(bytes_.substr(referent.offset)));
    const bool was_replaying = std::exchange(is_replaying_, true);
    const bool read = read_value(value);
    in_ = behind;
    is_replaying_ = was_replaying;
    return read;
  }

  bool read_int32(Value& value) {
    const auto raw = in_.u32_le();
    if (!raw) return too_short();
    value = std::int64_t{static_cast<std::int32_t>(*raw)};
    return true;
  }

  bool read_int64(Value& value) {
    const auto raw = in_.u64_le();
    if (!raw) return too_short();
    value = static_cast<std::int64_t>(*raw);
    return true;
  }

  /// Digits in base 2^15, lowest first; the sign of their number is the sign of the int.
  bool read_long(Value& value) {
    const auto raw = in_.u32_le();
    if (!raw) return too_short();
    const bool is_negative = *raw > 0x7FFFFFFF;
    const std::size_t count = is_negative ? 0U - *raw : *raw;
    if (count > in_.remaining() / 2) return too_short();
    // Converting to decimal takes quadratic time, so long ints count for more.
    if (!charge(count)) return false;
    Magnitude magnitude;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint16_t digit = *in_.u16_le();
      if (digit > 0x7FFF) return malformed("digit out of range in long");
      if (digit == 0 && i + 1 == count) return malformed("unnormalized long data");
      magnitude.append_bits(digit, 15);
    }
    auto number = magnitude.to_int(is_negative, limits_.int_digits_max);
    if (!number) return failed(int_too_long(limits_));
    value = std::move(*number);
    return true;
  }

  bool read_double(bool is_text, double& number) {
    if (!is_text) {
      const auto raw = in_.u64_le();
      if (!raw) return too_short();
      number = std::bit_cast<double>(*raw);
      return true;
    }
    std::size_t size = 0;
    BytesView text;
    if (!read_short_size(size) || !take(size, text)) return false;
    const auto parsed = float_from_text(text);
    if (!parsed) return malformed("invalid float");
    number = *parsed;
    return true;
  }

  bool read_float(bool is_text, Value& value) {
    double number = 0;
    if (!read_double(is_text, number)) return false;
    value = number;
    return true;
  }

  bool read_complex(bool is_text, Value& value) {
    Complex number;
    if (!read_double(is_text, number.real) || !read_double(is_text, number.imag)) return false;
    value = number;
    return true;
  }

  bool read_bytes(Value& value) {
    std::size_t size = 0;
    BytesView data;
    if (!read_size(size) || !take(size, data)) return false;
    value = ByteString{std::string(data)};
    return true;
  }

  bool read_unicode(Value& value) {
    std::size_t size = 0;
    BytesView text;
    if (!read_size(size) || !take(size, text)) return false;
    if (!is_valid_wtf8(text)) return malformed("invalid UTF-8");
    value = text;
    return true;
  }

  bool read_ascii(bool is_short, Value& value) {
    std::size_t size = 0;
    BytesView text;
    if (!(is_short ? read_short_size(size) : read_size(size)) || !take(size, text)) return false;
    const bool is_ascii =
        std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (!is_ascii) return malformed("invalid ASCII");
    value = text;
    return true;
  }

  // ---- containers

  bool read_container(char type, Value& value) {
    if (nesting_ == limits_.nesting_max) return failed(too_deep(limits_));
    ++nesting_;
    const bool read = type == marshal_type::dict ? read_dict(value) : read_sequence(type, value);
    --nesting_;
    return read;
  }

  bool read_sequence(char type, Value& value) {
    std::vector<Value> items;
    switch (type) {
      case marshal_type::list:
        if (!read_items(false, items)) return false;
        value = make_list(std::move(items));
        return true;
      case marshal_type::tuple:
      case marshal_type::small_tuple:
        if (!read_items(type == marshal_type::small_tuple, items)) return false;
        value = make_tuple(std::move(items));
        return true;
      case marshal_type::set:
      case marshal_type::frozenset: return read_items(false, items) && read_set(std::move(items), value);
      case marshal_type::null: return malformed("NULL object");
      case marshal_type::stop_iteration: return malformed("StopIteration is not accepted");
      case marshal_type::ellipsis: return malformed("Ellipsis is not accepted");
      case marshal_type::code: return malformed("code objects are not accepted");
      default: return malformed("unknown type code");
    }
  }

  bool read_items(bool is_small, std::vector<Value>& items) {
    std::size_t count = 0;
    if (!(is_small ? read_short_size(count) : read_size(count))) return false;
    if (count > in_.remaining()) return too_short();
    if (!charge(count)) return false;
    items.resize(count);
    return std::all_of(items.begin(), items.end(), [this](Value& item) { return read_value(item); });
  }

  bool read_set(std::vector<Value> items, Value& value) {
    auto set = make_checked_set(std::move(items));
    if (!set) return failed(std::move(set.error()));
    value = std::move(*set);
    return true;
  }

  bool read_dict(Value& value) {
    const bool is_given_away = sink_ != nullptr && nesting_ == 1 && !is_replaying_;
    Dict dict;
    while (true) {
      if (in_.at_end()) return too_short();
      if (in_.rest().front() == marshal_type::null) break;
      if (!charge(2)) return false;
      DictItem& item = dict.items.emplace_back();
      if (!read_value(item.key)) return false;
      if (auto hashable = check_hashable(item.key); !hashable) return failed(std::move(hashable.error()));
      if (!read_value(item.value)) return false;
      if (!is_given_away) continue;
      (*sink_)(std::move(item.key), std::move(item.value));
      dict.items.clear();
    }
    static_cast<void>(in_.u8());
    value = std::move(dict);
    return true;
  }

  BytesView bytes_;
  ByteReader in_;
  const DecodeLimits& limits_;
  const DictItemSink* sink_;
  std::vector<Referent> referents_;
  bool is_replaying_ = false;
  std::uint32_t nesting_ = 0;
  std::size_t nodes_used_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<Value> read_marshal(BytesView bytes, const DecodeLimits& limits, const DictItemSink* sink) {
  return MarshalReader(bytes, limits, sink).read();
}

}  // namespace hearth
