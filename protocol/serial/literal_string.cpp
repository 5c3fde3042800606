#include "protocol/serial/literal_string.h"

#include "protocol/base/wtf8.h"
#include "protocol/value/repr_parts.h"

namespace hearth {
namespace {

bool is_quote(char c) { return c == '\'' || c == '"'; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_octal_digit(char c) { return c >= '0' && c <= '7'; }

/// The character of a one-letter escape, or '\0' if the letter is none.
char simple_escape(char letter) {
  switch (letter) {
    case '\\':
    case '\'':
    case '"': return letter;
    case 'a': return '\a';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    default: return '\0';
  }
}

class StringReader {
 public:
  StringReader(std::string_view text, std::size_t pos, StringPrefix prefix, std::string& out)
      : text_(text), pos_(pos + prefix.length), prefix_(prefix), out_(out) {}

  [[nodiscard]] std::size_t pos() const { return pos_; }

  Result<void> read() {
    quote_ = text_[pos_];
    is_triple_ = three_quotes_follow();
    pos_ += is_triple_ ? 3 : 1;
    while (true) {
      take_plain_run();
      if (pos_ == text_.size()) return fail(ErrorKind::malformed, "unterminated string literal");
      const char c = text_[pos_];
      if (c == quote_) {
        if (!is_triple_) {
          ++pos_;
          return {};
        }
        if (three_quotes_follow()) {
          pos_ += 3;
          return {};
        }
        out_.push_back(c);
        ++pos_;
      } else if (c == '\\') {
        if (auto escape = read_backslash(); !escape) return escape;
      } else if (c == '\n' || c == '\r') {
        if (!is_triple_) return fail(ErrorKind::malformed, "unterminated string literal");
        take_line_end();
        out_.push_back('\n');
      } else {
        return fail(ErrorKind::malformed, "bytes can only contain ASCII literal characters");
      }
    }
  }

 private:
  [[nodiscard]] bool three_quotes_follow() const {
    return text_.size() - pos_ >= 3 && text_[pos_] == quote_ && text_[pos_ + 1] == quote_ && text_[pos_ + 2] == quote_;
  }

  [[nodiscard]] bool is_plain(char c) const {
    if (stands_for_itself(c)) return true;
    if (static_cast<unsigned char>(c) >= 0x80) return !prefix_.is_bytes;
    return c != quote_ && c != '\\' && c != '\n' && c != '\r';
  }

  /// Copies up to the next character that means something.
  void take_plain_run() {
    const std::size_t start = pos_;
    while (pos_ < text_.size() && is_plain(text_[pos_])) ++pos_;
    out_.append(text_, start, pos_ - start);
  }

  /// \n, \r\n and \r are all one line end to Python's tokenizer (translate_newlines in Parser/tokenizer.c).
  void take_line_end() { pos_ += text_.substr(pos_).starts_with("\r\n") ? 2U : 1U; }

  Result<void> read_backslash() {
    if (pos_ + 1 == text_.size()) return fail(ErrorKind::malformed, "unterminated string literal");
    const char letter = text_[pos_ + 1];
    const bool is_line_end = letter == '\n' || letter == '\r';
    if (prefix_.is_raw) {
      out_.push_back('\\');  // stays, and still keeps a quote from ending the literal
      ++pos_;
      if (is_line_end) {
        take_line_end();
        out_.push_back('\n');
      } else if (static_cast<unsigned char>(letter) < 0x80) {
        out_.push_back(letter);
        ++pos_;
      }
      return {};
    }
    ++pos_;
    if (is_line_end) {
      take_line_end();
      return {};
    }
    return read_escape(letter);
  }

  Result<void> read_escape(char letter) {
    if (const char simple = simple_escape(letter); simple != '\0') {
      ++pos_;
      out_.push_back(simple);
      return {};
    }
    if (is_octal_digit(letter)) return read_octal();
    if (letter == 'x') return read_hex(2);
    if (!prefix_.is_bytes) {
      if (letter == 'u') return read_hex(4);
      if (letter == 'U') return read_hex(8);
      if (letter == 'N') return fail(ErrorKind::malformed, "\\N{...} escapes are not supported");
    }
    out_.push_back('\\');  // an unknown escape means itself; the letter follows as plain text
    return {};
  }

  Result<void> read_octal() {
    char32_t c = 0;
    for (int i = 0; i < 3 && pos_ < text_.size() && is_octal_digit(text_[pos_]); ++i) {
      c = c * 8 + static_cast<char32_t>(text_[pos_++] - '0');
    }
    return append_character(c);
  }

  Result<void> read_hex(std::size_t digits) {
    ++pos_;
    char32_t c = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const int value = pos_ < text_.size() ? hex_value(text_[pos_]) : -1;
      if (value < 0) return fail(ErrorKind::malformed, "truncated escape in a string literal");
      c = (c << 4U) | static_cast<char32_t>(value);
      ++pos_;
    }
    return append_character(c);
  }

  Result<void> append_character(char32_t c) {
    if (c > 0x10FFFF) return fail(ErrorKind::malformed, "illegal Unicode character in a string literal");
    if (prefix_.is_bytes) {
      out_.push_back(static_cast<char>(c & 0xFFU));  // \777 is \xff (decode_bytes_with_escapes)
    } else {
      append_wtf8(out_, c);
    }
    return {};
  }

  std::string_view text_;
  std::size_t pos_;
  StringPrefix prefix_;
  std::string& out_;
  char quote_ = '\0';
  bool is_triple_ = false;
};

}  // namespace

std::optional<StringPrefix> string_prefix_at(std::string_view text, std::size_t pos) {
  StringPrefix prefix;
  bool is_unicode = false;
  for (; pos < text.size() && prefix.length <= 2; ++pos, ++prefix.length) {
    const char c = text[pos];
    if (is_quote(c)) return prefix;
    if (is_unicode) return std::nullopt;
    if ((c == 'b' || c == 'B') && !prefix.is_bytes) {
      prefix.is_bytes = true;
    } else if ((c == 'r' || c == 'R') && !prefix.is_raw) {
      prefix.is_raw = true;
    } else if ((c == 'u' || c == 'U') && prefix.length == 0) {
      is_unicode = true;
    } else {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

Result<void> read_string_literal(std::string_view text, std::size_t& pos, StringPrefix prefix, std::string& out) {
  StringReader reader(text, pos, prefix, out);
  auto outcome = reader.read();
  pos = reader.pos();
  return outcome;
}

}  // namespace hearth
