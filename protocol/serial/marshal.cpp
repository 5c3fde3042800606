#include "protocol/serial/marshal.h"

#include <bit>
#include <cstdint>
#include <limits>

#include "protocol/serial/marshal_reader.h"
#include "protocol/serial/marshal_types.h"
#include "protocol/value/bigint.h"

namespace hearth {
namespace {

constexpr std::size_t size_max = std::numeric_limits<std::int32_t>::max();

/// Follows w_object() of Python/marshal.c. Answers false for what is too long for the format.
class MarshalWriter {
 public:
  explicit MarshalWriter(Bytes& out) : out_(out) {}

  bool write(const Value& value) { return std::visit(*this, value.variant()); }
  bool text(std::string_view text) { return sized_bytes(marshal_type::unicode, text); }

  bool operator()(const None&) { return type(marshal_type::none); }
  bool operator()(bool b) { return type(b ? marshal_type::true_ : marshal_type::false_); }

  bool operator()(std::int64_t i) {
    if (i >= std::numeric_limits<std::int32_t>::min() && i <= std::numeric_limits<std::int32_t>::max()) {
      type(marshal_type::int32);
      append_u32_le(out_, static_cast<std::uint32_t>(i));
      return true;
    }
    const auto bits = static_cast<std::uint64_t>(i);
    return long_int(i < 0, Magnitude(i < 0 ? 0 - bits : bits));
  }

  bool operator()(const BigInt& i) {
    const bool is_negative = i.digits.starts_with('-');
    return long_int(is_negative, Magnitude::from_decimal(std::string_view(i.digits).substr(is_negative ? 1 : 0)));
  }

  bool operator()(double d) {
    type(marshal_type::float_binary);
    return binary(d);
  }

  bool operator()(const Complex& c) {
    type(marshal_type::complex_binary);
    return binary(c.real) && binary(c.imag);
  }

  bool operator()(const std::string& s) { return text(s); }
  bool operator()(const ByteString& b) { return sized_bytes(marshal_type::bytes, b.data); }
  bool operator()(const List& list) { return items(marshal_type::list, list.items); }
  bool operator()(const Tuple& tuple) { return items(marshal_type::tuple, tuple.items); }
  bool operator()(const Set& set) { return items(marshal_type::set, set.items); }

  bool operator()(const Dict& dict) {
    type(marshal_type::dict);
    for (const DictItem& item : dict.items) {
      if (!write(item.key) || !write(item.value)) return false;
    }
    return type(marshal_type::null);
  }

 private:
  bool type(char code) {
    out_.push_back(code);
    return true;
  }

  bool binary(double d) {
    append_u64_le(out_, std::bit_cast<std::uint64_t>(d));
    return true;
  }

  bool size(std::size_t count) {
    if (count > size_max) return false;
    append_u32_le(out_, static_cast<std::uint32_t>(count));
    return true;
  }

  bool long_int(bool is_negative, const Magnitude& magnitude) {
    const auto digits = magnitude.base_32768_digits();
    if (digits.size() > size_max) return false;
    const auto count = static_cast<std::uint32_t>(digits.size());
    type(marshal_type::long_);
    append_u32_le(out_, is_negative ? 0U - count : count);
    for (const std::uint16_t digit : digits) append_u16_le(out_, digit);
    return true;
  }

  bool sized_bytes(char code, BytesView data) {
    type(code);
    if (!size(data.size())) return false;
    out_ += data;
    return true;
  }

  bool items(char code, const std::vector<Value>& values) {
    type(code);
    if (!size(values.size())) return false;
    for (const Value& value : values) {
      if (!write(value)) return false;
    }
    return true;
  }

  Bytes& out_;
};

tl::unexpected<Error> too_long() {
  return fail(ErrorKind::unsupported, "marshal cannot carry more than 2 GiB in one value");
}

}  // namespace

Result<void> MarshalSerializer::dump(const Value& value, Bytes& out) const {
  const std::size_t start = out.size();
  if (MarshalWriter(out).write(value)) return {};
  out.resize(start);
  return too_long();
}

void MarshalSerializer::append_dict_head(std::size_t, Bytes& out) const { out.push_back(marshal_type::dict); }

Result<void> MarshalSerializer::dump_dict_item(std::string_view key, const Value& value, bool, Bytes& out) const {
  const std::size_t start = out.size();
  MarshalWriter writer(out);
  if (writer.text(key) && writer.write(value)) return {};
  out.resize(start);
  return too_long();
}

void MarshalSerializer::append_dict_tail(Bytes& out) const { out.push_back(marshal_type::null); }

Result<Value> MarshalSerializer::load(BytesView bytes, const DecodeLimits& limits) const {
  return read_marshal(bytes, limits);
}

Result<void> MarshalSerializer::load_dict_items(BytesView bytes, const DecodeLimits& limits,
                                                const DictItemSink& sink) const {
  return give_rest(read_marshal(bytes, limits, &sink), sink);
}

}  // namespace hearth
