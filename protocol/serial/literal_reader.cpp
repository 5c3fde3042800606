#include "protocol/serial/literal_reader.h"

#include <optional>
#include <string>
#include <utility>

#include "protocol/base/wtf8.h"
#include "protocol/serial/limit_errors.h"
#include "protocol/serial/literal_number.h"
#include "protocol/serial/literal_scanner.h"
#include "protocol/serial/literal_string.h"
#include "protocol/value/hashable.h"

namespace hearth {
namespace {

/// What ast.literal_eval still knows of an expression once it is parsed: it decides where a sign may stand.
enum class Form : unsigned char {
  literal,        // one literal, perhaps in parentheses
  signed_number,  // a number with a sign
  sum,            // the two parts of a complex number
};

/// Recursive descent. Every read_ function leaves the scanner behind what it read; on false, error_ says why.
class LiteralReader {
 public:
  LiteralReader(std::string_view text, const DecodeLimits& limits, DictHook on_dict, const DictItemSink* sink)
      : in_(text), limits_(limits), on_dict_(on_dict), sink_(sink) {}

  Result<Value> read() {
    Value value;
    if (!check_text() || !read_document(value)) return tl::unexpected<Error>(std::move(*error_));
    return value;
  }

 private:
  bool failed(Error error) {
    error_ = std::move(error);
    return false;
  }

  bool malformed(std::string text) { return failed({ErrorKind::malformed, std::move(text)}); }

  bool unexpected() {
    if (in_.at_end()) return malformed("unexpected end of the literal");
    return malformed("invalid syntax at byte " + std::to_string(in_.pos()));
  }

  bool charge(std::size_t nodes) {
    if (nodes > limits_.value_nodes_max - nodes_used_) return failed(too_many_values(limits_));
    nodes_used_ += nodes;
    return true;
  }

  /// serpent.loads decodes strictly, and refuses the 0-bytes that ast.literal_eval cannot take.
  bool check_text() {
    if (in_.text().find('\0') != std::string_view::npos) return malformed("0-bytes in the literal");
    if (!is_utf8(in_.text())) return malformed("invalid UTF-8");
    return true;
  }

  bool open_bracket() {
    if (in_.open_brackets() == limits_.nesting_max) return failed(too_deep(limits_));
    in_.open_bracket();
    return true;
  }

  // ---- expressions

  /// One expression, or several with commas between them: a tuple without parentheses, which must stay on its
  /// line.
  bool read_document(Value& value) {
    in_.skip_blanks_and_line_ends();
    Form form{};
    if (!read_expression(value, form)) return false;
    if (in_.peek() == ',') {
      if (!charge(1)) return false;
      Tuple tuple;
      tuple.items.push_back(std::move(value));
      while (in_.take(',')) {
        in_.skip_blanks();
        if (in_.at_end() || in_.at_line_end()) break;
        if (!read_expression(tuple.items.emplace_back(), form)) return false;
      }
      value = std::move(tuple);
    }
    in_.skip_blanks_and_line_ends();
    return in_.at_end() || unexpected();
  }

  /// [sign] operand [sign imaginary], and the blanks behind it.
  bool read_expression(Value& value, Form& form) {
    const char sign = in_.peek();
    if (sign == '+' || sign == '-') {
      if (!read_signed(value)) return false;
      form = Form::signed_number;
    } else if (!read_operand(value, form)) {
      return false;
    }
    in_.skip_blanks();
    if (in_.peek() != '+' && in_.peek() != '-') return true;
    form = Form::sum;
    return read_imaginary_part(value);
  }

  bool read_signed(Value& value) {
    const char sign = in_.peek();
    ++in_.pos();
    in_.skip_blanks();
    Form form{};
    if (!read_operand(value, form)) return false;
    if (form == Form::literal && apply_sign(sign, value)) return true;
    return malformed("a sign may only stand before a number");
  }

  bool read_imaginary_part(Value& value) {
    const char sign = in_.peek();
    ++in_.pos();
    in_.skip_blanks();
    Value imaginary;
    Form form{};
    if (!read_operand(imaginary, form)) return false;
    const auto sum = complex_sum(value, sign, imaginary);
    if (!sum || form != Form::literal) return malformed("the only sum allowed is a complex number");
    value = *sum;
    in_.skip_blanks();
    return true;
  }

  bool read_operand(Value& value, Form& form) {
    form = Form::literal;
    switch (in_.peek()) {
      case '(': return read_parentheses(value, form);
      case '[': return charge(1) && read_list(value);
      case '{': return charge(1) && read_braces(value);
      default: break;
    }
    if (!charge(1)) return false;
    if (const auto prefix = string_prefix_at(in_.text(), in_.pos())) return read_strings(*prefix, value);
    if (starts_number_literal(in_.text(), in_.pos())) return read_number(value);
    return read_word(value);
  }

  bool read_number(Value& value) {
    constexpr std::size_t long_literal_bytes = 64;
    constexpr std::size_t bytes_per_node = 4;
    const std::size_t start = in_.pos();
    auto number = read_number_literal(in_.text(), in_.pos(), limits_);
    if (!number) return failed(std::move(number.error()));
    value = std::move(*number);
    // Converting a long hexadecimal int takes quadratic time, so a message full of them counts for more.
    const std::size_t length = in_.pos() - start;
    return length <= long_literal_bytes || charge(length / bytes_per_node);
  }

  /// One literal, or several in a row, which Python joins.
  bool read_strings(const StringPrefix& first, Value& value) {
    std::string& content = first.is_bytes ? value.emplace<ByteString>().data : value.emplace<std::string>();
    for (std::optional<StringPrefix> prefix = first; prefix; prefix = string_prefix_at(in_.text(), in_.pos())) {
      if (prefix->is_bytes != first.is_bytes) return malformed("cannot mix bytes and nonbytes literals");
      auto read = read_string_literal(in_.text(), in_.pos(), *prefix, content);
      if (!read) return failed(std::move(read.error()));
      in_.skip_blanks();
    }
    return true;
  }

  bool read_word(Value& value) {
    const std::size_t start = in_.pos();
    const std::string_view word = in_.take_word();
    if (word == "set") return read_empty_set(value);
    if (word == "None") {
      value.emplace<None>();
    } else if (word == "True" || word == "False") {
      value.emplace<bool>(word == "True");
    } else {
      in_.pos() = start;
      return unexpected();
    }
    return true;
  }

  bool read_empty_set(Value& value) {
    in_.skip_blanks();
    if (in_.peek() != '(') return unexpected();
    if (!open_bracket()) return false;
    value = Set{};
    return in_.close_bracket(')') || unexpected();
  }

  // ---- containers

  /// Most containers have two items or more. One of a single item is then half empty, as any that has just grown.
  template <class Item>
  static Item& append(std::vector<Item>& items) {
    if (items.capacity() == 0) items.reserve(2);
    return items.emplace_back();
  }

  /// Expressions up to the closing bracket, with or without a last comma. The first one may have been read
  /// already.
  bool read_items(std::vector<Value>& items, char bracket) {
    while (true) {
      if (!items.empty() && !in_.take(',')) return in_.close_bracket(bracket) || unexpected();
      in_.skip_blanks();
      if (in_.close_bracket(bracket)) return true;
      Form form{};
      if (!read_expression(append(items), form)) return false;
    }
  }

  /// A tuple, or an expression in parentheses: the comma makes the tuple.
  bool read_parentheses(Value& value, Form& form) {
    if (!open_bracket()) return false;
    std::vector<Value>& items = value.emplace<Tuple>().items;
    if (in_.peek() != ')') {
      if (!read_expression(append(items), form)) return false;
      if (in_.close_bracket(')')) {
        Value only = std::move(items.front());
        value = std::move(only);
        return true;
      }
    }
    if (!charge(1) || !read_items(items, ')')) return false;
    form = Form::literal;
    return true;
  }

  bool read_list(Value& value) { return open_bracket() && read_items(value.emplace<List>().items, ']'); }

  /// A dict or a set, which the first colon tells apart.
  bool read_braces(Value& value) {
    if (!open_bracket()) return false;
    if (in_.close_bracket('}')) {
      value.emplace<Dict>();
      on_dict_(value);
      return true;
    }
    Form form{};
    Value first;
    if (!read_expression(first, form)) return false;
    return in_.peek() == ':' ? read_dict(first, value) : read_set(first, value);
  }

  bool read_set(Value& first, Value& value) {
    std::vector<Value> items;
    items.push_back(std::move(first));
    if (!read_items(items, '}')) return false;
    auto set = make_checked_set(std::move(items));
    if (!set) return failed(std::move(set.error()));
    value = std::move(*set);
    return true;
  }

  bool read_dict(Value& first_key, Value& value) {
    const bool is_given_away = sink_ != nullptr && in_.open_brackets() == 1;
    std::vector<DictItem>& items = value.emplace<Dict>().items;
    append(items).key = std::move(first_key);
    Form form{};
    while (true) {
      DictItem& item = items.back();
      if (auto hashable = check_hashable(item.key); !hashable) return failed(std::move(hashable.error()));
      if (!in_.take(':')) return unexpected();
      in_.skip_blanks();
      if (!read_expression(item.value, form)) return false;
      if (is_given_away) {
        (*sink_)(std::move(item.key), std::move(item.value));
        items.clear();
      }
      if (!in_.take(',')) break;
      in_.skip_blanks();
      if (in_.peek() == '}') break;
      if (!read_expression(append(items).key, form)) return false;
    }
    if (!in_.close_bracket('}')) return unexpected();
    on_dict_(value);
    return true;
  }

  LiteralScanner in_;
  const DecodeLimits& limits_;
  DictHook on_dict_;
  const DictItemSink* sink_;
  std::size_t nodes_used_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<Value> read_literal(std::string_view text, const DecodeLimits& limits, DictHook on_dict,
                           const DictItemSink* sink) {
  return LiteralReader(text, limits, on_dict, sink).read();
}

}  // namespace hearth
