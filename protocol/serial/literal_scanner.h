/// LiteralScanner: a position in Python source text: what comes next, which blanks mean nothing, how deep the
/// brackets are.
///
/// Layer: serial.        Thread rule: none, plain object. Does not own the text, which must be free of
/// 0-bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hearth {

class LiteralScanner {
 public:
  explicit LiteralScanner(std::string_view text) : text_(text) {}

  [[nodiscard]] std::string_view text() const { return text_; }
  /// For readers of single tokens, which move it forward.
  [[nodiscard]] std::size_t& pos() { return pos_; }
  [[nodiscard]] std::uint32_t open_brackets() const { return open_brackets_; }
  [[nodiscard]] bool at_end() const { return pos_ == text_.size(); }

  /// The next byte; '\0' at the end.
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[pos_]; }

  [[nodiscard]] bool at_line_end() const { return peek() == '\n' || peek() == '\r'; }

  /// Steps over the byte if it is next.
  [[nodiscard]] bool take(char c) {
    if (peek() != c) return false;
    ++pos_;
    return true;
  }

  /// The letters that come next.
  [[nodiscard]] std::string_view take_word() {
    const std::size_t start = pos_;
    while ((peek() >= 'a' && peek() <= 'z') || (peek() >= 'A' && peek() <= 'Z')) ++pos_;
    return text_.substr(start, pos_ - start);
  }

  /// Steps over the opening bracket that is next, and the blanks behind it.
  void open_bracket() {
    ++pos_;
    ++open_brackets_;
    skip_blanks();
  }

  /// Steps over the closing bracket if it is next, but not over what follows: that belongs to the outside.
  [[nodiscard]] bool close_bracket(char bracket) {
    if (!take(bracket)) return false;
    --open_brackets_;
    return true;
  }

  /// Blanks, comments and continued lines; line ends too inside brackets, where they mean nothing.
  void skip_blanks() { skip(open_brackets_ > 0); }
  void skip_blanks_and_line_ends() { skip(true); }

 private:
  void skip(bool line_ends) {
    while (!at_end()) {
      const char c = text_[pos_];
      if (c > '#' && c != '\\') return;  // nearly always
      if (c == ' ' || c == '\t' || c == '\f' || (line_ends && at_line_end())) {
        ++pos_;
      } else if (c == '#') {
        while (!at_end() && !at_line_end()) ++pos_;
      } else if (c == '\\' && text_.substr(pos_ + 1).starts_with("\r\n")) {
        pos_ += 3;
      } else if (c == '\\' && text_.substr(pos_ + 1).starts_with('\n')) {
        pos_ += 2;
      } else {
        return;
      }
    }
  }

  std::string_view text_;
  std::size_t pos_ = 0;
  std::uint32_t open_brackets_ = 0;
};

}  // namespace hearth
