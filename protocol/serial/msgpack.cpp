#include "protocol/serial/msgpack.h"

#ifndef MSGPACK_NO_BOOST
#define MSGPACK_NO_BOOST
#endif
#include <msgpack.hpp>

#include <bit>
#include <charconv>
#include <limits>
#include <utility>

#include "protocol/base/check.h"
#include "protocol/base/wtf8.h"
#include "protocol/serial/msgpack_ext.h"
#include "protocol/serial/value_builder.h"

namespace hearth {
namespace {

constexpr const char* cut_off = "msgpack data is cut off or invalid";

/// The events of msgpack::parse(). A visitor has no unpack_limit: the checks are here, before anything is allocated.
class Visitor : public msgpack::null_visitor {
 public:
  Visitor(std::size_t input_bytes, const DecodeLimits& limits, const DictItemSink* sink)
      : input_bytes_(input_bytes), limits_(limits), builder_(limits, sink) {}

  bool visit_nil() { return add(None{}); }
  bool visit_boolean(bool b) { return add(b); }
  bool visit_positive_integer(std::uint64_t i) {
    constexpr auto int64_max = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return i <= int64_max ? add(static_cast<std::int64_t>(i)) : add(BigInt{std::to_string(i)});
  }
  bool visit_negative_integer(std::int64_t i) { return add(i); }
  bool visit_float32(float f) { return add(static_cast<double>(f)); }
  bool visit_float64(double d) { return add(d); }
  bool visit_str(const char* data, std::uint32_t size) {
    const std::string_view text(data, size);
    if (!is_valid_wtf8(text) || has_lone_surrogate(text)) return refuse("msgpack str is no utf-8");
    return add(text);
  }
  bool visit_bin(const char* data, std::uint32_t size) { return add(ByteString{std::string(data, size)}); }
  bool visit_ext(const char* data, std::uint32_t size) {
    const BytesView code_and_data(data, size);
    if (code_and_data.empty()) return refuse("msgpack ext without a code");
    auto value = load_msgpack_ext(static_cast<std::int8_t>(code_and_data.front()), code_and_data.substr(1), limits_);
    if (!value) return builder_.refuse(value.error().kind, std::move(value.error().text));
    return add(std::move(*value));
  }
  bool start_array(std::uint32_t count) { return announce("list", count) && builder_.open_list(count); }
  bool end_array() { return builder_.close(); }
  bool start_map(std::uint32_t count) { return announce("dict", 2 * std::size_t{count}) && builder_.open_dict(count); }
  bool end_map() { return builder_.close(); }
  bool start_map_key() {
    in_key_ = true;
    return true;
  }
  bool start_map_value() {
    in_key_ = false;
    return true;
  }

  bool refuse(std::string reason) { return builder_.refuse(ErrorKind::malformed, std::move(reason)); }
  [[nodiscard]] Result<Value> finish() { return builder_.finish(); }

 private:
  bool add(Value value) {
    if (!in_key_) return builder_.add(std::move(value));
    if (value.as_str() == nullptr && value.as<ByteString>() == nullptr) return refuse_key(value.type_name());
    return builder_.add_key(std::move(value));
  }

  /// All elements that open containers have announced must fit into the input, a byte each at least. So a container may
  /// reserve what it announces: together they reserve no more than the whole input backs.
  bool announce(std::string_view type, std::size_t elements) {
    if (in_key_) return refuse_key(type);
    announced_ += elements;
    if (announced_ > input_bytes_) return refuse(cut_off);
    if (announced_ > limits_.value_nodes_max) {
      return builder_.refuse(ErrorKind::limit, "more than " + std::to_string(limits_.value_nodes_max) + " values");
    }
    return true;
  }

  bool refuse_key(std::string_view type) {
    return refuse(std::string(type) + " is not allowed for map key when strict_map_key=True");
  }

  std::size_t input_bytes_;
  const DecodeLimits& limits_;
  ValueBuilder builder_;
  std::size_t announced_ = 0;
  bool in_key_ = false;
};

/// msgpack::packer's output stream, onto the end of a Bytes.
struct BytesStream {
  Bytes& out;
  void write(const char* data, std::size_t size) { out.append(data, size); }
};

class MsgpackWriter {
 public:
  explicit MsgpackWriter(Bytes& out) : stream_{out}, packer_(stream_) {}

  /// False: the value holds what msgpack cannot carry, and problem() names it.
  bool write(const Value& value) { return std::visit(*this, value.variant()); }
  [[nodiscard]] const char* problem() const { return problem_; }

  bool string(std::string_view text) {
    if (has_lone_surrogate(text)) return refuse("'utf-8' codec can't encode a lone surrogate");
    if (!fits(text.size())) return false;
    packer_.pack_str(static_cast<std::uint32_t>(text.size()));
    stream_.write(text.data(), text.size());
    return true;
  }

  bool dict_head(std::size_t count) {
    if (!fits(count)) return false;
    packer_.pack_map(static_cast<std::uint32_t>(count));
    return true;
  }

  bool operator()(None) {
    packer_.pack_nil();
    return true;
  }
  bool operator()(bool b) {
    b ? packer_.pack_true() : packer_.pack_false();
    return true;
  }
  bool operator()(std::int64_t i) {
    packer_.pack_int64(i);
    return true;
  }
  bool operator()(const BigInt& i) {
    const char* const end = i.digits.data() + i.digits.size();
    std::uint64_t number = 0;
    const auto parsed = std::from_chars(i.digits.data(), end, number);
    if (parsed.ec != std::errc() || parsed.ptr != end) return ext(msgpack_ext_big_int, i.digits);
    packer_.pack_uint64(number);
    return true;
  }
  bool operator()(double d) {
    // Not pack_double(): it writes 1.0 as the int 1.
    append_u8(stream_.out, 0xCB);
    append_u64_be(stream_.out, std::bit_cast<std::uint64_t>(d));
    return true;
  }
  bool operator()(const Complex& number) { return ext(msgpack_ext_complex, msgpack_complex_data(number)); }
  bool operator()(const std::string& text) { return string(text); }
  bool operator()(const ByteString& bytes) {
    if (!fits(bytes.data.size())) return false;
    packer_.pack_bin(static_cast<std::uint32_t>(bytes.data.size()));
    stream_.write(bytes.data.data(), bytes.data.size());
    return true;
  }
  bool operator()(const List& list) { return array(list.items); }
  bool operator()(const Tuple& tuple) { return array(tuple.items); }
  bool operator()(const Set& set) { return array(set.items); }
  bool operator()(const Dict& dict) {
    if (!dict_head(dict.items.size())) return false;
    for (const DictItem& item : dict.items) {
      if (!write(item.key) || !write(item.value)) return false;
    }
    return true;
  }

 private:
  bool array(const std::vector<Value>& items) {
    if (!fits(items.size())) return false;
    packer_.pack_array(static_cast<std::uint32_t>(items.size()));
    for (const Value& item : items) {
      if (!write(item)) return false;
    }
    return true;
  }

  bool ext(std::int8_t code, const Bytes& data) {
    packer_.pack_ext(data.size(), code);
    stream_.write(data.data(), data.size());
    return true;
  }

  bool fits(std::size_t length) {
    return length <= std::numeric_limits<std::uint32_t>::max() || refuse("msgpack lengths end at 32 bits");
  }

  bool refuse(const char* problem) {
    problem_ = problem;
    return false;
  }

  BytesStream stream_;
  msgpack::packer<BytesStream> packer_;
  const char* problem_ = "";
};

Result<Value> read_msgpack(BytesView bytes, const DecodeLimits& limits, const DictItemSink* sink) {
  Visitor visitor(bytes.size(), limits, sink);
  std::size_t end = 0;
  try {
    if (!msgpack::parse(bytes.data(), bytes.size(), end, visitor)) {
      visitor.refuse(cut_off);
    } else if (end != bytes.size()) {
      visitor.refuse("msgpack data is followed by more bytes");
    }
  } catch (const msgpack::unpack_error& error) {  // on 32-bit machines only: an ext of 4 GiB
    visitor.refuse(error.what());
  }
  return visitor.finish();
}

}  // namespace

Result<void> MsgpackSerializer::dump(const Value& value, Bytes& out) const {
  const std::size_t size_before = out.size();
  MsgpackWriter writer(out);
  if (writer.write(value)) return {};
  out.resize(size_before);
  return fail(ErrorKind::unsupported, writer.problem());
}

void MsgpackSerializer::append_dict_head(std::size_t count, Bytes& out) const {
  HEARTH_CHECK(MsgpackWriter(out).dict_head(count));  // 4 billion items are more than any reply holds
}

Result<void> MsgpackSerializer::dump_dict_item(std::string_view key, const Value& value, bool, Bytes& out) const {
  const std::size_t size_before = out.size();
  MsgpackWriter writer(out);
  if (writer.string(key) && writer.write(value)) return {};
  out.resize(size_before);
  return fail(ErrorKind::unsupported, writer.problem());
}

void MsgpackSerializer::append_dict_tail(Bytes&) const {}

Result<Value> MsgpackSerializer::load(BytesView bytes, const DecodeLimits& limits) const {
  return read_msgpack(bytes, limits, nullptr);
}

Result<void> MsgpackSerializer::load_dict_items(BytesView bytes, const DecodeLimits& limits,
                                                const DictItemSink& sink) const {
  return give_rest(read_msgpack(bytes, limits, &sink), sink);
}

}  // namespace hearth
