#include "protocol/base/log_text.h"

#include <fmt/format.h>

#include <iterator>

#include "protocol/base/limits.h"
#include "protocol/base/wtf8.h"

namespace hearth {
namespace {

bool is_plain(char c) { return c >= 0x20 && c < 0x7F; }

/// C0, DEL and C1; U+2028 and U+2029, which some readers take for a line's end; and what turns the direction of writing.
bool is_harmful(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || is_surrogate(c);
}

void append_escape(std::string& out, char32_t c) {
  switch (c) {
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  const auto number = static_cast<unsigned>(c);
  if (number < 0x100) {
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", number);
  } else {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", number);
  }
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t pos = 0; pos < text.size();) {
    if (out.size() >= log_text_bytes_max) {
      fmt::format_to(std::back_inserter(out), "... ({} bytes more)", text.size() - pos);
      break;
    }
    if (is_plain(text[pos])) {
      out += text[pos++];
      continue;
    }
    const std::size_t start = pos;
    const char32_t c = decode_wtf8(text, pos);
    if (c == invalid_code_point) {
      append_escape(out, static_cast<unsigned char>(text[start]));
    } else if (is_harmful(c)) {
      append_escape(out, c);
    } else {
      out += text.substr(start, pos - start);
    }
  }
  return out;
}

}  // namespace hearth
