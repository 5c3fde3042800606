#include "nameserver/registry/regex_escapes.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

namespace hearth::regex {
namespace {

constexpr char32_t code_point_max = 0x10FFFF;

char32_t number_in(std::string_view digits, int base) {
  std::uint32_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  return number;
}

std::optional<Category> category_of(char32_t letter) {
  switch (letter) {
    case 'd': return Category{CategoryKind::digit, false};
    case 'D': return Category{CategoryKind::digit, true};
    case 's': return Category{CategoryKind::space, false};
    case 'S': return Category{CategoryKind::space, true};
    case 'w': return Category{CategoryKind::word, false};
    case 'W': return Category{CategoryKind::word, true};
    default: return std::nullopt;
  }
}

std::optional<AnchorKind> anchor_of(char32_t letter) {
  switch (letter) {
    case 'A': return AnchorKind::text_start;
    case 'Z': return AnchorKind::text_end;
    case 'b': return AnchorKind::boundary;
    case 'B': return AnchorKind::no_boundary;
    default: return std::nullopt;
  }
}

/// `\b` is a backspace only inside a set: outside, anchor_of() has it.
std::optional<char32_t> control_of(char32_t letter) {
  switch (letter) {
    case 'a': return '\a';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    default: return std::nullopt;
  }
}

/// `\x41`, `\u0041`, `\U00000041`: exactly `digit_count` digits.
Literal parse_hex_escape(Source& source, const Token& escape, std::size_t digit_count, std::size_t start) {
  const std::string digits = source.get_while(digit_count, is_hex_digit);
  const char32_t c = number_in(digits, 16);
  if (digits.size() != digit_count) {
    source.fail("incomplete escape " + escape.text() + digits, start);
  } else if (c > code_point_max) {
    source.fail("bad escape " + escape.text() + digits, start);
  } else if (is_surrogate(c)) {
    source.fail("lone surrogate " + escape.text() + digits + " is not supported", start);
  }
  return {c};
}

/// `digits` are those behind the backslash.
Literal octal_literal(Source& source, const std::string& digits, std::size_t start) {
  const char32_t c = number_in(digits, 8);
  if (c > 0377) source.fail("octal escape value \\" + digits + " outside of range 0-0o377", start);
  return {c};
}

Literal refuse_named_character(Source& source, std::size_t start) {
  if (!source.match('{')) source.fail("missing {", source.tell());
  source.get_until('}', "character name");
  source.fail("\\N{…} is not supported", start);
  return {};
}

/// What both kinds of escape end with.
Literal parse_character_escape(Source& source, const Token& escape, std::size_t start) {
  if (const auto control = control_of(escape.c)) return {*control};
  switch (escape.c) {
    case 'x': return parse_hex_escape(source, escape, 2, start);
    case 'u': return parse_hex_escape(source, escape, 4, start);
    case 'U': return parse_hex_escape(source, escape, 8, start);
    case 'N': return refuse_named_character(source, start);
    default: break;
  }
  if (is_ascii_letter(escape.c) || is_digit(escape.c)) source.fail("bad escape " + escape.text(), start);
  return {escape.c};
}

SetItem parse_set_escape(Source& source, const Token& escape) {
  const std::size_t start = source.tell() - escape.length();
  if (const auto category = category_of(escape.c)) return *category;
  if (is_octal_digit(escape.c)) {
    return octal_literal(source, static_cast<char>(escape.c) + source.get_while(2, is_octal_digit), start);
  }
  return parse_character_escape(source, escape, start);
}

SetItem parse_set_item(Source& source, const Token& token) {
  if (token.escaped) return parse_set_escape(source, token);
  return Literal{token.c};
}

/// `\1`…`\99`, or three octal digits.
Node parse_number_escape(Source& source, const Token& escape, const Groups& groups, std::size_t start) {
  std::string digits(1, static_cast<char>(escape.c));
  digits += source.get_while(1, is_digit);
  const bool are_octal =
      digits.size() == 2 && is_octal_digit(escape.c) && is_octal_digit(static_cast<unsigned char>(digits[1]));
  if (are_octal && source.next_is(is_octal_digit)) {
    digits += source.get_while(1, is_octal_digit);
    return {octal_literal(source, digits, start)};
  }
  const std::uint32_t group = number_in(digits, 10);
  if (group > groups.count()) {
    source.fail("invalid group reference " + std::to_string(group), start + 1);
  } else {
    groups.check_reference(source, group, start);
  }
  if (source.error()) return {Literal{}};
  return {GroupReference{group}};
}

/// `first` is the item before the `-`, spelled `token`.
SetItem parse_range(Source& source, const SetItem& first, const Token& token, const Token& last_token) {
  const SetItem last = parse_set_item(source, last_token);
  const auto* from = std::get_if<Literal>(&first);
  const auto* to = std::get_if<Literal>(&last);
  if (from != nullptr && to != nullptr && from->c <= to->c) return Range{from->c, to->c};
  // Python counts back by the first two characters of an escape, however long it was.
  const std::size_t spelled = token.length() + 1 + last_token.length();
  source.fail("bad character range " + token.text() + "-" + last_token.text(), source.tell() - spelled);
  return Literal{};
}

/// "[.]" is another way to write "\.": the literal prefix should not end there.
std::optional<Literal> only_literal(const Set& set) {
  if (set.negated || set.items.empty()) return std::nullopt;
  const auto* literal = std::get_if<Literal>(&set.items.front());
  const auto is_first = [&set](const SetItem& item) { return item == set.items.front(); };
  if (literal == nullptr || !std::all_of(set.items.begin(), set.items.end(), is_first)) return std::nullopt;
  return *literal;
}

}  // namespace

Node parse_escape(Source& source, const Token& escape, const Groups& groups) {
  const std::size_t start = source.tell() - escape.length();
  if (const auto anchor = anchor_of(escape.c)) return {Anchor{*anchor}};
  if (const auto category = category_of(escape.c)) return {Set{false, {*category}}};
  if (escape.c == '0') return {octal_literal(source, "0" + source.get_while(2, is_octal_digit), start)};
  if (is_digit(escape.c)) return parse_number_escape(source, escape, groups, start);
  return {parse_character_escape(source, escape, start)};
}

Node parse_set(Source& source) {
  const std::size_t start = source.tell() - 1;
  Set set;
  set.negated = source.match('^');
  bool is_open = true;
  while (is_open) {
    const Token token = source.get();
    if (token.is_end()) break;
    if (token.is(']') && !set.items.empty()) {
      is_open = false;
      continue;
    }
    SetItem item = parse_set_item(source, token);
    if (source.match('-')) {
      const Token last = source.get();
      if (last.is_end()) break;
      if (!last.is(']')) {
        item = parse_range(source, item, token, last);
      } else {
        set.items.push_back(item);
        item = Literal{'-'};
        is_open = false;
      }
    }
    set.items.push_back(item);
  }
  if (is_open) source.fail("unterminated character set", start);
  if (const auto literal = only_literal(set)) return {*literal};
  return {std::move(set)};
}

}  // namespace hearth::regex
