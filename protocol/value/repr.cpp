#include <hearth/repr.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "protocol/base/check.h"
#include "protocol/base/wtf8.h"
#include "protocol/value/repr_parts.h"
#include "protocol/value/unicode.h"

namespace hearth {
namespace {

constexpr char32_t replacement_character = 0xFFFD;

/// Python prefers ', and takes " only where that spares escapes (unicode_repr in Objects/unicodeobject.c).
char preferred_quote(std::string_view text) {
  const bool has_single = text.find('\'') != std::string_view::npos;
  return has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
}

void append_hex(std::string& out, char32_t value, unsigned digits) {
  for (unsigned i = digits; i-- > 0;) out.push_back("0123456789abcdef"[(value >> (4U * i)) & 0xFU]);
}

/// What str and bytes escape alike: backslash, the quote in use, and \t \n \r. False: nothing of these.
bool append_simple_escape(std::string& out, char c, char quote) {
  switch (c) {
    case '\t': out += "\\t"; return true;
    case '\n': out += "\\n"; return true;
    case '\r': out += "\\r"; return true;
    case '\\': out += "\\\\"; return true;
    default: break;
  }
  if (c != quote) return false;
  out.push_back('\\');
  out.push_back(quote);
  return true;
}

bool is_plain(char c, char quote) { return c >= 0x20 && c < 0x7F && c != '\\' && c != quote; }

void append_code_point(std::string& out, char32_t c) {
  if (is_python_printable(c)) {
    append_wtf8(out, c);
  } else if (c <= 0xFF) {
    out += "\\x";
    append_hex(out, c, 2);
  } else if (c <= 0xFFFF) {
    out += "\\u";
    append_hex(out, c, 4);
  } else {
    out += "\\U";
    append_hex(out, c, 8);
  }
}

/// The shortest digits that read back the same, "d" or "d.ddd", and the power of ten behind them.
struct ShortestDigits {
  bool negative;
  std::string digits;  // without the point
  int exponent;        // of the first digit
};

ShortestDigits shortest_digits(double value) {
  char buffer[40];
  const auto [end, status] =
      std::to_chars(buffer, buffer + sizeof buffer, std::fabs(value), std::chars_format::scientific);
  HEARTH_CHECK(status == std::errc());
  const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  const std::size_t exponent_at = text.find('e');
  ShortestDigits result{std::signbit(value), std::string(1, text[0]), 0};
  if (exponent_at > 2) result.digits += text.substr(2, exponent_at - 2);
  const std::size_t exponent_digits = exponent_at + (text[exponent_at + 1] == '+' ? 2 : 1);
  const auto parsed = std::from_chars(buffer + exponent_digits, end, result.exponent);
  HEARTH_CHECK(parsed.ec == std::errc() && parsed.ptr == end);
  return result;
}

/// Python's rules for where the point goes and when an exponent is used (format 'r' of format_float_short in
/// Python/pystrtod.c). `integral_suffix` is ".0", or nothing for the parts of a complex number.
void append_float(std::string& out, double value, std::string_view integral_suffix) {
  if (std::isnan(value)) {
    out += "nan";
    return;
  }
  if (std::isinf(value)) {
    out += value < 0 ? "-inf" : "inf";
    return;
  }
  const ShortestDigits shortest = shortest_digits(value);
  const std::string_view digits = shortest.digits;
  if (shortest.negative) out.push_back('-');
  if (shortest.exponent < -4 || shortest.exponent >= 16) {
    out += digits.substr(0, 1);
    if (digits.size() > 1) out.append(".").append(digits.substr(1));
    out += shortest.exponent < 0 ? "e-" : "e+";
    const int magnitude = std::abs(shortest.exponent);
    if (magnitude < 10) out.push_back('0');
    out += std::to_string(magnitude);
  } else if (shortest.exponent < 0) {
    out.append("0.").append(static_cast<std::size_t>(-shortest.exponent - 1), '0').append(digits);
  } else {
    const auto whole = static_cast<std::size_t>(shortest.exponent) + 1;
    out += digits.substr(0, whole);
    if (digits.size() > whole) {
      out.append(".").append(digits.substr(whole));
    } else {
      out.append(whole - digits.size(), '0').append(integral_suffix);
    }
  }
}

void append_repr(std::string& out, const Value& value);

void append_items(std::string& out, const std::vector<Value>& items) {
  bool first = true;
  for (const Value& item : items) {
    if (!first) out += ", ";
    first = false;
    append_repr(out, item);
  }
}

struct ReprAppender {
  std::string& out;

  void operator()(const None&) const { out += "None"; }
  void operator()(bool b) const { out += b ? "True" : "False"; }
  void operator()(std::int64_t i) const { out += std::to_string(i); }
  void operator()(const BigInt& i) const { out += i.digits; }
  void operator()(double d) const { append_float_repr(out, d); }
  void operator()(const std::string& s) const { append_str_repr(out, s); }
  void operator()(const ByteString& b) const { append_bytes_repr(out, b.data); }

  void operator()(const Complex& c) const {
    if (c.real == 0 && !std::signbit(c.real)) {
      append_float(out, c.imag, "");
      out.push_back('j');
      return;
    }
    out.push_back('(');
    append_float(out, c.real, "");
    if (std::isnan(c.imag) || !std::signbit(c.imag)) out.push_back('+');
    append_float(out, c.imag, "");
    out += "j)";
  }

  void operator()(const List& list) const {
    out.push_back('[');
    append_items(out, list.items);
    out.push_back(']');
  }

  void operator()(const Tuple& tuple) const {
    out.push_back('(');
    append_items(out, tuple.items);
    out += tuple.items.size() == 1 ? ",)" : ")";
  }

  void operator()(const Set& set) const {
    if (set.items.empty()) {
      out += "set()";
      return;
    }
    out.push_back('{');
    append_items(out, set.items);
    out.push_back('}');
  }

  void operator()(const Dict& dict) const {
    out.push_back('{');
    bool first = true;
    for (const DictItem& item : dict.items) {
      if (!first) out += ", ";
      first = false;
      append_repr(out, item.key);
      out += ": ";
      append_repr(out, item.value);
    }
    out.push_back('}');
  }
};

void append_repr(std::string& out, const Value& value) { std::visit(ReprAppender{out}, value.variant()); }

}  // namespace

std::string printable(std::string_view bytes) {
  constexpr char no_quote = '\\';  // is escaped in any case
  std::string out;
  for (std::size_t pos = 0; pos < bytes.size();) {
    const char byte = bytes[pos];
    if (append_simple_escape(out, byte, no_quote)) {
      ++pos;
      continue;
    }
    const char32_t c = decode_wtf8(bytes, pos);
    if (c == invalid_code_point) {
      out += "\\x";
      append_hex(out, static_cast<unsigned char>(byte), 2);
    } else {
      append_code_point(out, c);
    }
  }
  return out;
}

void append_str_repr(std::string& out, std::string_view text) {
  if (std::all_of(text.begin(), text.end(), stands_for_itself)) {  // what nearly every text is
    out.push_back('\'');
    out += text;
    out.push_back('\'');
    return;
  }
  const char quote = preferred_quote(text);
  out.push_back(quote);
  for (std::size_t pos = 0; pos < text.size();) {
    const std::size_t start = pos;
    while (pos < text.size() && is_plain(text[pos], quote)) ++pos;
    out += text.substr(start, pos - start);
    if (pos == text.size()) break;
    if (append_simple_escape(out, text[pos], quote)) {
      ++pos;
      continue;
    }
    const char32_t c = decode_wtf8(text, pos);
    append_code_point(out, c == invalid_code_point ? replacement_character : c);
  }
  out.push_back(quote);
}

void append_float_repr(std::string& out, double value) { append_float(out, value, ".0"); }

void append_bytes_repr(std::string& out, std::string_view bytes) {
  const char quote = preferred_quote(bytes);
  out.push_back('b');
  out.push_back(quote);
  for (const char c : bytes) {
    if (is_plain(c, quote)) {
      out.push_back(c);
    } else if (!append_simple_escape(out, c, quote)) {
      out += "\\x";
      append_hex(out, static_cast<unsigned char>(c), 2);
    }
  }
  out.push_back(quote);
}

std::string repr(const Value& value) {
  std::string out;
  append_repr(out, value);
  return out;
}

}  // namespace hearth
