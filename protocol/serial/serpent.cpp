#include "protocol/serial/serpent.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "protocol/base/base64.h"
#include "protocol/base/check.h"
#include "protocol/serial/literal_reader.h"
#include "protocol/value/repr_parts.h"

namespace hearth {
namespace {

constexpr std::string_view header = "# serpent utf-8 python3.2\n";
constexpr std::string_view nan_dict = "{'__class__':'float','value':'nan'}";

/// Follows the ser_builtins_ methods of serpent.py. Each function answers false with refusal_ set for what
/// has no literal.
class SerpentWriter {
 public:
  explicit SerpentWriter(Bytes& out) : out_(out) {}

  [[nodiscard]] std::string_view refusal() const { return refusal_; }

  bool write(const Value& value) { return std::visit(*this, value.variant()); }

  bool operator()(const None&) { return text("None"); }
  bool operator()(bool b) { return text(b ? "True" : "False"); }
  bool operator()(const BigInt& i) { return text(i.digits); }

  bool operator()(std::int64_t i) {
    char buffer[20];
    const auto [end, status] = std::to_chars(buffer, buffer + sizeof buffer, i);
    HEARTH_CHECK(status == std::errc());
    return text({buffer, static_cast<std::size_t>(end - buffer)});
  }

  bool operator()(double d) {
    if (std::isnan(d)) return is_hashed_ ? refuse("serpent cannot carry nan as a key") : text(nan_dict);
    append_finite_or_inf(d);
    return true;
  }

  bool operator()(const Complex& c) {
    if (std::isnan(c.real) || std::isnan(c.imag)) return refuse("serpent cannot carry nan in a complex number");
    out_.push_back('(');
    append_finite_or_inf(c.real);
    if (!std::signbit(c.imag)) out_.push_back('+');
    append_finite_or_inf(c.imag);
    return text("j)");
  }

  bool operator()(const std::string& s) {
    append_str_repr(out_, s);
    return true;
  }

  bool operator()(const ByteString& b) {
    if (is_hashed_) {
      append_bytes_repr(out_, b.data);
      return true;
    }
    out_ += "{'data': '";
    append_base64(out_, b.data);
    return text("', 'encoding': 'base64'}");
  }

  bool operator()(const List& list) { return !is_hashed_ ? sequence('[', list.items, "]") : refuse_unhashable(); }

  bool operator()(const Tuple& tuple) { return sequence('(', tuple.items, tuple.items.size() == 1 ? ",)" : ")"); }

  bool operator()(const Set& set) {
    if (is_hashed_) return refuse_unhashable();
    if (set.items.empty()) return text("()");
    is_hashed_ = true;
    const bool written = sequence('{', set.items, "}");
    is_hashed_ = false;
    return written;
  }

  bool operator()(const Dict& dict) {
    if (is_hashed_) return refuse_unhashable();
    char separator = '{';
    for (const DictItem& item : dict.items) {
      out_.push_back(separator);
      separator = ',';
      is_hashed_ = true;
      const bool written = write(item.key);
      is_hashed_ = false;
      if (!written) return false;
      out_.push_back(':');
      if (!write(item.value)) return false;
    }
    return text(dict.items.empty() ? "{}" : "}");
  }

 private:
  bool text(std::string_view piece) {
    out_ += piece;
    return true;
  }

  bool refuse(std::string_view why) {
    refusal_ = why;
    return false;
  }

  bool refuse_unhashable() { return refuse("a list, set or dict cannot be a key"); }

  /// Infinities are literals that overflow.
  void append_finite_or_inf(double d) {
    if (std::isinf(d)) {
      out_ += d < 0 ? "-1e30000" : "1e30000";
    } else {
      append_float_repr(out_, d);
    }
  }

  bool sequence(char opening, const std::vector<Value>& items, std::string_view closing) {
    char separator = opening;
    for (const Value& item : items) {
      out_.push_back(separator);
      separator = ',';
      if (!write(item)) return false;
    }
    if (items.empty()) out_.push_back(opening);
    return text(closing);
  }

  Bytes& out_;
  bool is_hashed_ = false;  ///< inside a dict key or a set element
  std::string_view refusal_;
};

bool is_text(const Value* value, std::string_view text) {
  const std::string* s = value == nullptr ? nullptr : value->as_str();
  return s != nullptr && *s == text;
}

/// Undoes the two class dicts of serpent.py: nan, and tobytes() for bytes.
void undo_class_dict(Value& value) {
  const Dict& dict = *value.as<Dict>();
  if (dict.items.size() != 2) return;
  if (is_text(dict.find("__class__"), "float") && is_text(dict.find("value"), "nan")) {
    value = std::numeric_limits<double>::quiet_NaN();
    return;
  }
  const Value* data = dict.find("data");
  if (data != nullptr && data->as_str() != nullptr && is_text(dict.find("encoding"), "base64")) {
    if (auto bytes = decode_base64(*data->as_str())) value = ByteString{std::move(*bytes)};
  }
}

}  // namespace

Result<void> SerpentSerializer::dump(const Value& value, Bytes& out) const {
  const std::size_t start = out.size();
  out += header;
  SerpentWriter writer(out);
  if (writer.write(value)) return {};
  out.resize(start);
  return fail(ErrorKind::unsupported, std::string(writer.refusal()));
}

void SerpentSerializer::append_dict_head(std::size_t, Bytes& out) const {
  out += header;
  out.push_back('{');
}

Result<void> SerpentSerializer::dump_dict_item(std::string_view key, const Value& value, bool is_first,
                                               Bytes& out) const {
  const std::size_t start = out.size();
  if (!is_first) out.push_back(',');
  append_str_repr(out, key);
  out.push_back(':');
  SerpentWriter writer(out);
  if (writer.write(value)) return {};
  out.resize(start);
  return fail(ErrorKind::unsupported, std::string(writer.refusal()));
}

void SerpentSerializer::append_dict_tail(Bytes& out) const { out.push_back('}'); }

Result<Value> SerpentSerializer::load(BytesView bytes, const DecodeLimits& limits) const {
  return read_literal(bytes, limits, undo_class_dict);
}

Result<void> SerpentSerializer::load_dict_items(BytesView bytes, const DecodeLimits& limits,
                                                const DictItemSink& sink) const {
  return give_rest(read_literal(bytes, limits, undo_class_dict, &sink), sink);
}

}  // namespace hearth
