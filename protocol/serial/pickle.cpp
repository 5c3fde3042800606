#include "protocol/serial/pickle.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>

#include "protocol/serial/pickle_callables.h"
#include "protocol/serial/pickle_opcodes.h"
#include "protocol/serial/pickle_reader.h"

namespace hearth {
namespace {

constexpr std::uint8_t written_protocol = 3;
constexpr std::size_t size_max = std::numeric_limits<std::uint32_t>::max();
constexpr std::string_view wrapper_class = "Pyro4.futures._ExceptionWrapper";

bool is_identifier(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

/// Whether a client may be made to import this as an exception. Only these modules: an answer must not make it run others.
bool is_exception_class(std::string_view name) {
  for (const std::string_view module : {std::string_view("builtins."), std::string_view("Pyro4.errors.")}) {
    if (name.starts_with(module)) return is_identifier(name.substr(module.size()));
  }
  return false;
}

/// Follows the save_… methods of Lib/pickle.py. Answers false for what is too long for the format.
class PickleWriter {
 public:
  explicit PickleWriter(Bytes& out) : out_(out) {}

  bool begin() {
    opcode(pickle_op::proto);
    append_u8(out_, written_protocol);
    return true;
  }
  bool begin_dict() { return opcode(pickle_op::empty_dict) && opcode(pickle_op::mark); }
  bool end_dict() { return opcode(pickle_op::setitems); }
  bool end() { return opcode(pickle_op::stop); }

  bool text(std::string_view text) { return sized(pickle_op::unicode4, text); }

  bool write(const Value& value) { return std::visit(*this, value.variant()); }

  bool operator()(const None&) { return opcode(pickle_op::none); }
  bool operator()(bool b) { return opcode(b ? pickle_op::new_true : pickle_op::new_false); }

  bool operator()(std::int64_t i) {
    if (i >= std::numeric_limits<std::int32_t>::min() && i <= std::numeric_limits<std::int32_t>::max()) {
      opcode(pickle_op::int32);
      append_u32_le(out_, static_cast<std::uint32_t>(i));
      return true;
    }
    opcode(pickle_op::long1);
    append_u8(out_, sizeof(i));
    append_u64_le(out_, static_cast<std::uint64_t>(i));
    return true;
  }

  bool operator()(const BigInt& i) {
    opcode(pickle_op::long_line);
    out_ += i.digits;
    out_ += "L\n";
    return true;
  }

  bool operator()(double d) {
    opcode(pickle_op::float_binary);
    append_u64_be(out_, std::bit_cast<std::uint64_t>(d));
    return true;
  }

  bool operator()(const Complex& c) {
    return name("builtins", "complex") && (*this)(c.real) && (*this)(c.imag) && opcode(pickle_op::tuple2) &&
           opcode(pickle_op::reduce);
  }

  bool operator()(const std::string& s) { return text(s); }
  bool operator()(const ByteString& b) { return sized(pickle_op::bytes4, b.data); }

  bool operator()(const List& list) {
    return opcode(pickle_op::empty_list) && items_after_mark(list.items) && opcode(pickle_op::appends);
  }

  bool operator()(const Tuple& tuple) { return write_tuple(tuple.items); }

  bool operator()(const Set& set) {
    return name("builtins", "set") && opcode(pickle_op::empty_list) && items_after_mark(set.items) &&
           opcode(pickle_op::appends) && opcode(pickle_op::tuple1) && opcode(pickle_op::reduce);
  }

  bool operator()(const Dict& dict) {
    const Value* class_value = dict.find("__class__");
    const std::string* class_name = class_value == nullptr ? nullptr : class_value->as_str();
    if (class_name != nullptr) {
      const Value* state = dict.find("state");
      if (*class_name == pickled_uri_class && state != nullptr) return instance(*class_name, *state);
      const Value* wrapped = dict.find("exception");
      if (*class_name == wrapper_class && wrapped != nullptr) return wrapper(*wrapped);
      const Value* args = dict.find("args");
      if (is_exception_class(*class_name) && args != nullptr && args->as_items() != nullptr)
        return exception(*class_name, *args->as_items(), dict.find("attributes"));
    }
    return plain_dict(dict);
  }

 private:
  bool opcode(char code) {
    out_.push_back(code);
    return true;
  }

  bool sized(char code, BytesView data) {
    if (data.size() > size_max) return false;
    opcode(code);
    append_u32_le(out_, static_cast<std::uint32_t>(data.size()));
    out_ += data;
    return true;
  }

  bool items_after_mark(const std::vector<Value>& values) {
    opcode(pickle_op::mark);
    return std::all_of(values.begin(), values.end(), [this](const Value& value) { return write(value); });
  }

  bool write_tuple(const std::vector<Value>& values) {
    if (values.empty()) return opcode(pickle_op::empty_tuple);
    return items_after_mark(values) && opcode(pickle_op::tuple);
  }

  bool plain_dict(const Dict& dict) {
    begin_dict();
    for (const DictItem& item : dict.items) {
      if (!write(item.key) || !write(item.value)) return false;
    }
    return end_dict();
  }

  bool name(std::string_view module, std::string_view attribute) {
    opcode(pickle_op::global_lines);
    out_.append(module).append("\n").append(attribute).append("\n");
    return true;
  }

  bool name(std::string_view class_name) {
    const std::size_t dot = class_name.rfind('.');
    return name(class_name.substr(0, dot), class_name.substr(dot + 1));
  }

  /// object.__new__(class), then __setstate__(state).
  bool instance(std::string_view class_name, const Value& state) {
    return name(class_name) && opcode(pickle_op::empty_tuple) && opcode(pickle_op::newobj) && write(state) &&
           opcode(pickle_op::build);
  }

  bool wrapper(const Value& wrapped) {
    Dict attributes;
    attributes.add("exception", wrapped);
    return instance(wrapper_class, attributes);
  }

  /// class(*args), then its attributes.
  bool exception(std::string_view class_name, const std::vector<Value>& args, const Value* attributes) {
    if (!name(class_name) || !write_tuple(args) || !opcode(pickle_op::reduce)) return false;
    const Dict* dict = attributes == nullptr ? nullptr : attributes->as<Dict>();
    return dict == nullptr || (plain_dict(*dict) && opcode(pickle_op::build));
  }

  Bytes& out_;
};

tl::unexpected<Error> too_long() {
  return fail(ErrorKind::unsupported, "pickle cannot carry more than 4 GiB in one value");
}

}  // namespace

Result<void> PickleSerializer::dump(const Value& value, Bytes& out) const {
  const std::size_t start = out.size();
  PickleWriter writer(out);
  if (writer.begin() && writer.write(value) && writer.end()) return {};
  out.resize(start);
  return too_long();
}

void PickleSerializer::append_dict_head(std::size_t, Bytes& out) const {
  PickleWriter writer(out);
  writer.begin();
  writer.begin_dict();
}

Result<void> PickleSerializer::dump_dict_item(std::string_view key, const Value& value, bool, Bytes& out) const {
  const std::size_t start = out.size();
  PickleWriter writer(out);
  if (writer.text(key) && writer.write(value)) return {};
  out.resize(start);
  return too_long();
}

void PickleSerializer::append_dict_tail(Bytes& out) const {
  PickleWriter writer(out);
  writer.end_dict();
  writer.end();
}

Result<Value> PickleSerializer::load(BytesView bytes, const DecodeLimits& limits) const {
  return read_pickle(bytes, limits);
}

}  // namespace hearth
