#include "protocol/serial/json_text.h"

#include <charconv>
#include <optional>
#include <system_error>

#include "protocol/base/wtf8.h"

namespace hearth {
namespace {

constexpr std::size_t unicode_escape_length = 6;  // \uXXXX

/// The UTF-16 unit of an escape `\uXXXX` at the start of `text`.
std::optional<char32_t> unicode_escape(std::string_view text) {
  if (text.size() < unicode_escape_length || !text.starts_with("\\u")) return std::nullopt;
  std::uint32_t unit = 0;
  const char* const end = text.data() + unicode_escape_length;
  const auto parsed = std::from_chars(text.data() + 2, end, unit, 16);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return unit;
}

/// The code point, if `text` starts with the escape of a high surrogate that no escape of a low one follows.
std::optional<char32_t> lone_high_surrogate(std::string_view text) {
  const auto unit = unicode_escape(text);
  if (!unit || *unit < 0xD800 || *unit > 0xDBFF) return std::nullopt;
  const auto next = unicode_escape(text.substr(unicode_escape_length));
  if (next && *next >= 0xDC00 && *next <= 0xDFFF) return std::nullopt;
  return unit;
}

std::size_t digits_end(std::string_view text, std::size_t pos) {
  while (pos < text.size() && text[pos] >= '0' && text[pos] <= '9') ++pos;
  return pos;
}

/// Python's json/scanner.py, NUMBER_RE: `(-?(?:0|[1-9]\d*))(\.\d+)?([eE][-+]?\d+)?`, and its three constants. 0: no number.
std::size_t number_length(std::string_view text) {
  for (const std::string_view constant : {"NaN", "Infinity", "-Infinity"}) {
    if (text.starts_with(constant)) return constant.size();
  }
  const std::size_t start = text.starts_with('-') ? 1 : 0;
  std::size_t end = digits_end(text, start);
  if (end == start) return 0;
  if (text[start] == '0') end = start + 1;
  if (text.substr(end).starts_with('.')) {
    const std::size_t fraction_end = digits_end(text, end + 1);
    if (fraction_end > end + 1) end = fraction_end;
  }
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    std::size_t exponent = end + 1;
    if (exponent < text.size() && (text[exponent] == '-' || text[exponent] == '+')) ++exponent;
    const std::size_t exponent_end = digits_end(text, exponent);
    if (exponent_end > exponent) end = exponent_end;
  }
  return end;
}

bool may_start_number(char c) { return (c >= '0' && c <= '9') || c == '-' || c == 'N' || c == 'I'; }

}  // namespace

Result<JsonText> prepare_json(BytesView bytes, const DecodeLimits& limits) {
  if (!is_valid_wtf8(bytes) || has_lone_surrogate(bytes)) return fail(ErrorKind::malformed, "json text is no utf-8");
  JsonText prepared;
  prepared.text.reserve(bytes.size());
  std::size_t copied = 0;
  const auto copy_until = [&](std::size_t end) { prepared.text.append(bytes, copied, end - copied); };

  bool in_string = false;
  for (std::size_t pos = 0; pos < bytes.size();) {
    const char c = bytes[pos];
    if (c == '"') {
      in_string = !in_string;
      ++pos;
    } else if (in_string && c == '\\') {
      if (const auto surrogate = lone_high_surrogate(bytes.substr(pos))) {
        copy_until(pos);
        append_wtf8(prepared.text, *surrogate);
        pos = copied = pos + unicode_escape_length;
      } else {
        pos += 2;  // the escaped character may be a quote or a backslash
      }
    } else if (!in_string && may_start_number(c)) {
      const std::size_t length = number_length(bytes.substr(pos));
      if (length == 0) {
        ++pos;
        continue;
      }
      if (prepared.numbers.size() == limits.value_nodes_max) {
        return fail(ErrorKind::limit, "more than " + std::to_string(limits.value_nodes_max) + " values");
      }
      copy_until(pos);
      prepared.text.push_back('0');
      prepared.numbers.push_back(bytes.substr(pos, length));
      pos = copied = pos + length;
    } else {
      ++pos;
    }
  }
  copy_until(bytes.size());
  return prepared;
}

}  // namespace hearth
