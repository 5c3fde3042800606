#include "protocol/serial/pickle_text.h"

#include <algorithm>
#include <charconv>

#include "protocol/base/wtf8.h"
#include "protocol/serial/limit_errors.h"

namespace hearth {
namespace {

/// Exactly `width` hexadecimal digits in front of `text`.
std::optional<char32_t> hex_prefix(std::string_view text, std::size_t width) {
  std::uint32_t code = 0;
  const std::string_view digits = text.substr(0, width);
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
  if (digits.size() != width || status != std::errc() || end != digits.data() + width) return std::nullopt;
  return code;
}

/// What a backslash and `c` stand for where it is one character; 0: something else.
char simple_escape(char c) {
  switch (c) {
    case '\\':
    case '\'':
    case '"': return c;
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return '\0';
  }
}

}  // namespace

Result<Value> int_in_pickle_line(std::string_view line, const DecodeLimits& limits) {
  if (line == "00") return Value(false);
  if (line == "01") return Value(true);
  if (line.ends_with('L')) line.remove_suffix(1);
  const std::string_view digits = line.substr(line.starts_with('-') ? 1 : 0);
  const bool is_number =
      !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number) return fail(ErrorKind::malformed, "pickle holds an invalid int");
  if (digits.size() > limits.int_digits_max) return tl::unexpected<Error>(int_too_long(limits));
  return int_from_decimal(line);
}

std::optional<std::string> string_in_pickle_line(std::string_view line) {
  if (line.size() < 2 || line.front() != line.back() || (line.front() != '\'' && line.front() != '"'))
    return std::nullopt;
  line = line.substr(1, line.size() - 2);
  std::string text;
  while (!line.empty()) {
    char c = line.front();
    line.remove_prefix(1);
    if (c == '\\') {
      if (line.empty()) return std::nullopt;
      const char escaped = line.front();
      line.remove_prefix(1);
      if (escaped == 'x') {
        const auto code = hex_prefix(line, 2);
        if (!code) return std::nullopt;
        line.remove_prefix(2);
        c = static_cast<char>(*code);
      } else {
        c = simple_escape(escaped);
        if (c == '\0') return std::nullopt;
      }
    }
    if (static_cast<unsigned char>(c) > 0x7F) return std::nullopt;
    text.push_back(c);
  }
  return text;
}

std::optional<std::string> unicode_in_pickle_line(std::string_view line) {
  std::string text;
  while (!line.empty()) {
    const bool is_short = line.starts_with("\\u");
    if (!is_short && !line.starts_with("\\U")) {
      append_wtf8(text, static_cast<unsigned char>(line.front()));
      line.remove_prefix(1);
      continue;
    }
    const std::size_t width = is_short ? 4 : 8;
    const auto code = hex_prefix(line.substr(2), width);
    if (!code || *code > 0x10FFFF) return std::nullopt;
    append_wtf8(text, *code);
    line.remove_prefix(2 + width);
  }
  return text;
}

}  // namespace hearth
