/// regex::Source: a Python regular expression as the tokens that CPython's parser sees (Lib/re/_parser.py,
/// Tokenizer).
///
/// Layer: registry (value and below).        Thread rule: none, plain object.
/// Errors: the first one counts, and it empties the input: parsing functions report it and simply run dry,
/// later errors are consequences and dropped. Positions count code points, as Python's do.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <hearth/result.h>

#include "protocol/base/wtf8.h"

namespace hearth::regex {

inline constexpr char32_t end_of_pattern = invalid_code_point;

/// One code point, or a backslash with the code point behind it, or the end.
struct Token {
  char32_t c = end_of_pattern;
  bool escaped = false;

  [[nodiscard]] bool is(char32_t plain) const { return !escaped && c == plain; }
  [[nodiscard]] bool is_end() const { return c == end_of_pattern; }
  [[nodiscard]] std::size_t length() const { return is_end() ? 0 : escaped ? 2 : 1; }
  [[nodiscard]] std::string text() const;
};

[[nodiscard]] constexpr bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_octal_digit(char32_t c) { return c >= '0' && c <= '7'; }
[[nodiscard]] constexpr bool is_hex_digit(char32_t c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
[[nodiscard]] constexpr bool is_ascii_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// A stretch of the pattern, as UTF-8, and where it starts.
struct Name {
  std::string text;
  std::size_t position = 0;
};

class Source {
 public:
  explicit Source(std::u32string pattern);

  [[nodiscard]] const Token& next() const { return next_; }
  [[nodiscard]] bool next_is(bool (*belongs)(char32_t)) const { return !next_.escaped && belongs(next_.c); }
  Token get();
  /// Takes the next token if it is `c` without a backslash.
  bool match(char32_t c);
  /// Takes up to `count_max` tokens of a class of ASCII characters.
  std::string get_while(std::size_t count_max, bool (*belongs)(char32_t));
  /// Takes all up to and with `terminator`; `what` names the missing thing if there is nothing or no end.
  Name get_until(char32_t terminator, std::string_view what);

  /// Where next() starts.
  [[nodiscard]] std::size_t tell() const { return next_position_; }
  void seek(std::size_t position);

  /// "message at position N", and the line and column if the pattern has several lines.
  void fail(std::string_view message, std::size_t position);
  /// For errors that Python gives no position.
  void fail(ErrorKind kind, std::string text);

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  void advance();

  std::u32string pattern_;
  std::size_t next_position_ = 0;
  Token next_;
  std::optional<Error> error_;
};

}  // namespace hearth::regex
