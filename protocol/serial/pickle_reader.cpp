#include "protocol/serial/pickle_reader.h"

#include <bit>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "protocol/base/wtf8.h"
#include "protocol/serial/limit_errors.h"
#include "protocol/serial/pickle_callables.h"
#include "protocol/serial/pickle_graph.h"
#include "protocol/serial/pickle_opcodes.h"
#include "protocol/serial/pickle_text.h"
#include "protocol/value/bigint.h"
#include "protocol/value/float_text.h"
#include "protocol/value/repr_parts.h"

namespace hearth {
namespace {

constexpr std::uint8_t protocol_max = 5;

/// Follows the load_… methods of Lib/pickle.py. Every function answers whether to go on; on false, error_ says why.
class PickleReader {
 public:
  PickleReader(BytesView bytes, const DecodeLimits& limits) : in_(bytes), limits_(limits), graph_(limits) {}

  Result<Value> read() {
    while (!is_stopped_) {
      const auto opcode = in_.u8();
      if (!opcode) return fail(ErrorKind::malformed, "pickle data was truncated");
      if (!step(static_cast<char>(*opcode))) return tl::unexpected<Error>(std::move(*error_));
    }
    if (stack_.size() != 1 || !marks_.empty() || !in_.at_end())
      return fail(ErrorKind::malformed, "pickle holds more or less than one value");
    return graph_.to_value(stack_.back());
  }

 private:
  using NodeId = PickleGraph::NodeId;
  using Kind = PickleGraph::Kind;

  static constexpr NodeId no_node = 0xFFFFFFFF;

  // ---- failures

  bool failed(Error error) {
    error_ = std::move(error);
    return false;
  }
  bool malformed(const char* what) { return failed({ErrorKind::malformed, std::string("pickle ") + what}); }
  bool too_short() { return malformed("data was truncated"); }

  bool refused(const std::string& name) {
    return failed({ErrorKind::unsupported, "pickle refused: " + name + " (only plain data and " +
                                               std::string(pickled_uri_class) + " are read)"});
  }

  // ---- the stack

  bool push(Result<NodeId> node) {
    if (!node) return failed(std::move(node.error()));
    stack_.push_back(*node);
    return true;
  }

  /// Nothing below the innermost mark can be taken.
  [[nodiscard]] bool has(std::size_t count) const {
    return stack_.size() - (marks_.empty() ? 0 : marks_.back()) >= count;
  }

  bool pop(NodeId& node) {
    if (!has(1)) return malformed("takes from an empty stack");
    node = stack_.back();
    stack_.pop_back();
    return true;
  }

  bool pop_count(std::size_t count, std::vector<NodeId>& nodes) {
    if (!has(count)) return malformed("takes from an empty stack");
    nodes.assign(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
    stack_.resize(stack_.size() - count);
    return true;
  }

  bool pop_to_mark(std::vector<NodeId>& nodes) {
    if (marks_.empty()) return malformed("lacks a mark");
    nodes.assign(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()), stack_.end());
    stack_.resize(marks_.back());
    marks_.pop_back();
    return true;
  }

  bool push_mark() {
    // A level needs one mark, and another one while its object is being made.
    if (marks_.size() >= std::size_t{2} * limits_.nesting_max) return failed(too_deep(limits_));
    marks_.push_back(stack_.size());
    return true;
  }

  bool pop_or_unmark() {
    if (!marks_.empty() && marks_.back() == stack_.size()) {
      marks_.pop_back();
      return true;
    }
    NodeId ignored = no_node;
    return pop(ignored);
  }

  bool pop_mark() {
    std::vector<NodeId> ignored;
    return pop_to_mark(ignored);
  }

  bool duplicate() {
    if (!has(1)) return malformed("takes from an empty stack");
    stack_.push_back(stack_.back());
    return true;
  }

  // ---- opcodes

  bool step(char opcode) {
    switch (opcode) {
      case pickle_op::proto: return read_protocol();
      case pickle_op::frame: return in_.u64_le() ? true : too_short();  // frames only help to read from files
      case pickle_op::stop: return is_stopped_ = true;
      case pickle_op::none: return push(graph_.add(Value()));
      case pickle_op::new_true: return push(graph_.add(Value(true)));
      case pickle_op::new_false: return push(graph_.add(Value(false)));
      case pickle_op::mark: return push_mark();
      case pickle_op::pop: return pop_or_unmark();
      case pickle_op::pop_mark: return pop_mark();
      case pickle_op::dup: return duplicate();
      default:
        return read_number(opcode) || (!error_ && read_text(opcode)) || (!error_ && make_container(opcode)) ||
               (!error_ && use_memo(opcode)) || (!error_ && make_object(opcode)) || (!error_ && unknown(opcode));
    }
  }

  bool unknown(char opcode) { return refused("opcode " + printable(BytesView(&opcode, 1))); }

  bool read_protocol() {
    const auto protocol = in_.u8();
    if (!protocol) return too_short();
    return *protocol <= protocol_max || malformed("has a protocol that is not known");
  }

  // Each of the following answers false without an error if the opcode is not one of its own.

  bool read_number(char opcode) {
    switch (opcode) {
      case pickle_op::uint8: return push_fixed(in_.u8());
      case pickle_op::uint16: return push_fixed(in_.u16_le());
      case pickle_op::int32: {
        const auto raw = in_.u32_le();
        return raw ? push(graph_.add(Value(std::int64_t{static_cast<std::int32_t>(*raw)}))) : too_short();
      }
      case pickle_op::int_line:
      case pickle_op::long_line: return read_int_line();
      case pickle_op::long1: return read_long(in_.u8());
      case pickle_op::long4: return read_long(in_.u32_le());
      case pickle_op::float_line: return read_float_line();
      case pickle_op::float_binary: return read_float_binary();
      default: return false;
    }
  }

  template <class Number>
  bool push_fixed(std::optional<Number> number) {
    return number ? push(graph_.add(Value(std::int64_t{*number}))) : too_short();
  }

  bool take_line(BytesView& line) {
    const std::size_t end = in_.rest().find('\n');
    if (end == BytesView::npos) return too_short();
    line = *in_.take(end);
    static_cast<void>(in_.take(1));
    return true;
  }

  bool read_int_line() {
    BytesView line;
    if (!take_line(line)) return false;
    auto number = int_in_pickle_line(line, limits_);
    return number ? push(graph_.add(std::move(*number))) : failed(std::move(number.error()));
  }

  bool read_float_line() {
    BytesView line;
    if (!take_line(line)) return false;
    const auto number = float_from_text(line);
    return number ? push(graph_.add(Value(*number))) : malformed("holds an invalid float");
  }

  bool read_float_binary() {
    const auto high = in_.u32_be();
    const auto low = in_.u32_be();
    if (!high || !low) return too_short();
    return push(graph_.add(Value(std::bit_cast<double>(std::uint64_t{*high} << 32U | *low))));
  }

  /// Two's complement, lowest byte first.
  template <class Size>
  bool read_long(std::optional<Size> size) {
    const auto taken = size ? in_.take(*size) : std::nullopt;
    if (!taken) return too_short();
    if (taken->size() / 2 > limits_.int_digits_max) return failed(int_too_long(limits_));  // 2.4 digits a byte
    const bool is_negative = !taken->empty() && static_cast<signed char>(taken->back()) < 0;
    Magnitude magnitude;
    unsigned carry = is_negative ? 1 : 0;
    for (const char c : *taken) {
      const unsigned byte = static_cast<unsigned char>(c);
      const unsigned digit = (is_negative ? 0xFFU - byte : byte) + carry;
      magnitude.append_bits(digit & 0xFFU, 8);
      carry = digit >> 8U;
    }
    if (carry != 0) magnitude.append_bits(carry, 8);
    auto number = magnitude.to_int(is_negative, limits_.int_digits_max);
    return number ? push(graph_.add(std::move(*number))) : failed(int_too_long(limits_));
  }

  bool read_text(char opcode) {
    switch (opcode) {
      case pickle_op::unicode1: return read_unicode(in_.u8());
      case pickle_op::unicode4: return read_unicode(in_.u32_le());
      case pickle_op::unicode8: return read_unicode(in_.u64_le());
      case pickle_op::string1: return read_python2_string(in_.u8());
      case pickle_op::string4: return read_python2_string(in_.u32_le());
      case pickle_op::bytes1: return read_bytes(in_.u8());
      case pickle_op::bytes4: return read_bytes(in_.u32_le());
      case pickle_op::bytes8:
      case pickle_op::bytearray8: return read_bytes(in_.u64_le());
      case pickle_op::string_line: return read_text_line(string_in_pickle_line);
      case pickle_op::unicode_line: return read_text_line(unicode_in_pickle_line);
      default: return false;
    }
  }

  template <class Size>
  bool read_unicode(std::optional<Size> size) {
    const auto taken = size ? in_.take(*size) : std::nullopt;
    if (!taken) return too_short();
    return is_valid_wtf8(*taken) ? push(graph_.add(Value(*taken))) : malformed("holds invalid UTF-8");
  }

  template <class Size>
  bool read_python2_string(std::optional<Size> size) {
    const auto taken = size ? in_.take(*size) : std::nullopt;
    if (!taken) return too_short();
    for (const char c : *taken) {
      if (static_cast<unsigned char>(c) > 0x7F) return malformed("holds a Python 2 str that is not ASCII");
    }
    return push(graph_.add(Value(*taken)));
  }

  template <class Size>
  bool read_bytes(std::optional<Size> size) {
    const auto taken = size ? in_.take(*size) : std::nullopt;
    return taken ? push(graph_.add(Value(ByteString{std::string(*taken)}))) : too_short();
  }

  bool read_text_line(std::optional<std::string> (*text_in)(std::string_view)) {
    BytesView line;
    if (!take_line(line)) return false;
    auto text = text_in(line);
    return text ? push(graph_.add(Value(std::move(*text)))) : malformed("holds an invalid line of text");
  }

  // ---- containers

  bool make_container(char opcode) {
    switch (opcode) {
      case pickle_op::empty_list: return push(graph_.add(Kind::list));
      case pickle_op::empty_tuple: return push(graph_.add(Kind::tuple));
      case pickle_op::empty_dict: return push(graph_.add(Kind::dict));
      case pickle_op::empty_set: return push(graph_.add(Kind::set));
      case pickle_op::list: return collect_to_mark(Kind::list);
      case pickle_op::tuple: return collect_to_mark(Kind::tuple);
      case pickle_op::dict: return collect_to_mark(Kind::dict);
      case pickle_op::frozenset: return collect_to_mark(Kind::set);
      case pickle_op::tuple1: return collect_tuple(1);
      case pickle_op::tuple2: return collect_tuple(2);
      case pickle_op::tuple3: return collect_tuple(3);
      case pickle_op::append: return put_into(Kind::list, 1);
      case pickle_op::setitem: return put_into(Kind::dict, 2);
      case pickle_op::appends: return put_all_into(Kind::list);
      case pickle_op::setitems: return put_all_into(Kind::dict);
      case pickle_op::additems: return put_all_into(Kind::set);
      default: return false;
    }
  }

  bool collect_to_mark(Kind kind) {
    std::vector<NodeId> items;
    if (!pop_to_mark(items)) return false;
    if (kind == Kind::dict && items.size() % 2 != 0) return malformed("holds a key without a value");
    return push(graph_.add(kind, std::move(items)));
  }

  bool collect_tuple(std::size_t count) {
    std::vector<NodeId> items;
    return pop_count(count, items) && push(graph_.add(Kind::tuple, std::move(items)));
  }

  bool put_into(Kind kind, std::size_t count) {
    std::vector<NodeId> items;
    return pop_count(count, items) && extend(kind, items);
  }

  bool put_all_into(Kind kind) {
    std::vector<NodeId> items;
    return pop_to_mark(items) && extend(kind, items);
  }

  /// Adds to the container on top of the stack.
  bool extend(Kind kind, const std::vector<NodeId>& items) {
    if (!has(1) || graph_.at(stack_.back()).kind != kind) return malformed("fills something that is no such container");
    if (kind == Kind::dict && items.size() % 2 != 0) return malformed("holds a key without a value");
    std::vector<NodeId>& content = graph_.at(stack_.back()).items;
    content.insert(content.end(), items.begin(), items.end());
    return true;
  }

  // ---- the memo

  bool use_memo(char opcode) {
    switch (opcode) {
      case pickle_op::get1: return recall(in_.u8());
      case pickle_op::get4: return recall(in_.u32_le());
      case pickle_op::get_line:
        return with_index_line([this](std::uint32_t index) { return recall(std::optional(index)); });
      case pickle_op::put1: return remember(in_.u8());
      case pickle_op::put4: return remember(in_.u32_le());
      case pickle_op::put_line:
        return with_index_line([this](std::uint32_t index) { return remember(std::optional(index)); });
      case pickle_op::memoize: return remember(std::optional(static_cast<std::uint32_t>(remembered_)));
      default: return false;
    }
  }

  template <class Use>
  bool with_index_line(const Use& use) {
    BytesView line;
    if (!take_line(line)) return false;
    const auto number = int_in_pickle_line(line, limits_);
    const auto* index = number ? number->as<std::int64_t>() : nullptr;
    if (index == nullptr || *index < 0 || *index >= no_node) return malformed("has an invalid memo key");
    return use(static_cast<std::uint32_t>(*index));
  }

  template <class Index>
  bool recall(std::optional<Index> index) {
    if (!index) return too_short();
    if (*index >= memo_.size() || memo_[*index] == no_node) return malformed("refers to what it has not remembered");
    stack_.push_back(memo_[*index]);
    return true;
  }

  template <class Index>
  bool remember(std::optional<Index> index) {
    if (!index) return too_short();
    if (!has(1)) return malformed("takes from an empty stack");
    if (*index >= limits_.value_nodes_max) return failed(too_many_values(limits_));
    if (*index >= memo_.size()) memo_.resize(std::size_t{*index} + 1, no_node);
    if (memo_[*index] == no_node) ++remembered_;
    memo_[*index] = stack_.back();
    return true;
  }

  // ---- names and objects

  bool make_object(char opcode) {
    switch (opcode) {
      case pickle_op::global_lines: return read_global();
      case pickle_op::stack_global: return make_global();
      case pickle_op::reduce: return apply(call_in_pickle);
      case pickle_op::newobj: return apply(new_in_pickle);
      case pickle_op::build: return build();
      default: return false;
    }
  }

  bool read_global() {
    BytesView module;
    BytesView name;
    return take_line(module) && take_line(name) && push_callable(module, name);
  }

  bool make_global() {
    NodeId name = no_node;
    NodeId module = no_node;
    if (!pop(name) || !pop(module)) return false;
    const std::string* module_text = graph_.text_at(module);
    const std::string* name_text = graph_.text_at(name);
    if (module_text == nullptr || name_text == nullptr) return malformed("names something by what is no text");
    return push_callable(*module_text, *name_text);
  }

  bool push_callable(BytesView module, BytesView name) {
    constexpr std::size_t shown_bytes_max = 80;  // a name is short; an answer that repeats 16 MiB is not
    const auto found = find_pickle_callable(module, name);
    if (found) return push(graph_.add_callable(*found));
    return refused(printable(module.substr(0, shown_bytes_max)) + "." + printable(name.substr(0, shown_bytes_max)));
  }

  using Make = Result<NodeId> (*)(PickleGraph&, int, std::span<const NodeId>);

  bool apply(Make make) {
    NodeId arguments = no_node;
    NodeId callable = no_node;
    if (!pop(arguments) || !pop(callable)) return false;
    if (graph_.at(callable).kind != Kind::callable || graph_.at(arguments).kind != Kind::tuple)
      return malformed("calls what is no function");
    const std::vector<NodeId> items = graph_.at(arguments).items;  // a copy: making a node moves them all
    return push(make(graph_, graph_.at(callable).callable, items));
  }

  /// Gives a URI its state.
  bool build() {
    NodeId state = no_node;
    if (!pop(state)) return false;
    if (!has(1) || graph_.at(stack_.back()).kind != Kind::uri) return refused("state of an object that is no URI");
    graph_.at(stack_.back()).items.assign(1, state);
    return true;
  }

  ByteReader in_;
  const DecodeLimits& limits_;
  PickleGraph graph_;
  std::vector<NodeId> stack_;
  std::vector<std::size_t> marks_;  ///< heights of the stack
  std::vector<NodeId> memo_;
  std::size_t remembered_ = 0;
  bool is_stopped_ = false;
  std::optional<Error> error_;
};

}  // namespace

Result<Value> read_pickle(BytesView bytes, const DecodeLimits& limits) { return PickleReader(bytes, limits).read(); }

}  // namespace hearth
