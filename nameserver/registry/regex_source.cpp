#include "nameserver/registry/regex_source.h"

#include <algorithm>
#include <utility>

namespace hearth::regex {

std::string Token::text() const {
  std::string text = escaped ? "\\" : "";
  if (!is_end()) append_wtf8(text, c);
  return text;
}

Source::Source(std::u32string pattern) : pattern_(std::move(pattern)) { advance(); }

/// Reads the token at next_position_ into next_.
void Source::advance() {
  next_ = Token{};
  if (next_position_ >= pattern_.size()) return;
  const char32_t c = pattern_[next_position_];
  if (c != '\\') {
    next_ = {c, false};
  } else if (next_position_ + 1 < pattern_.size()) {
    next_ = {pattern_[next_position_ + 1], true};
  } else {
    fail("bad escape (end of pattern)", next_position_);
  }
}

Token Source::get() {
  const Token taken = next_;
  next_position_ += taken.length();
  advance();
  return taken;
}

bool Source::match(char32_t c) {
  if (!next_.is(c)) return false;
  get();
  return true;
}

std::string Source::get_while(std::size_t count_max, bool (*belongs)(char32_t)) {
  std::string taken;
  while (taken.size() < count_max && next_is(belongs)) taken.push_back(static_cast<char>(get().c));
  return taken;
}

Name Source::get_until(char32_t terminator, std::string_view what) {
  Name name{{}, next_position_};
  const std::string missing = "missing " + std::string(what);
  while (!next_.is_end()) {
    if (next_.is(terminator)) {
      if (name.text.empty()) fail(missing, next_position_);
      get();
      return name;
    }
    name.text += get().text();
  }
  if (name.text.empty()) {
    fail(missing, next_position_);
  } else {
    fail("missing " + Token{terminator, false}.text() + ", unterminated name", name.position);
  }
  return name;
}

void Source::seek(std::size_t position) {
  if (error_) return;
  next_position_ = position;
  advance();
}

void Source::fail(std::string_view message, std::size_t position) {
  std::string text(message);
  text += " at position " + std::to_string(position);
  if (pattern_.find('\n') != std::u32string::npos) {
    const auto here = pattern_.begin() + static_cast<std::ptrdiff_t>(std::min(position, pattern_.size()));
    const auto line = 1 + std::count(pattern_.begin(), here, U'\n');
    const auto line_start = std::find(std::make_reverse_iterator(here), pattern_.rend(), U'\n').base();
    text += " (line " + std::to_string(line) + ", column " + std::to_string(1 + (here - line_start)) + ")";
  }
  fail(ErrorKind::malformed, std::move(text));
}

void Source::fail(ErrorKind kind, std::string text) {
  if (!error_) error_ = Error{kind, std::move(text)};
  next_position_ = pattern_.size();
  next_ = Token{};
}

}  // namespace hearth::regex
