#include "nameserver/registry/regex_sets.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <span>

#include "nameserver/registry/regex_source.h"

namespace hearth::regex {
namespace {

constexpr char32_t code_point_max = 0x10FFFF;

constexpr Range ascii_digits[] = {{'0', '9'}};
constexpr Range ascii_spaces[] = {{'\t', '\r'}, {' ', ' '}};
constexpr Range ascii_words[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
/// str.isspace()
constexpr Range unicode_spaces[] = {{'\t', '\r'},     {0x1C, ' '},      {0x85, 0x85},     {0xA0, 0xA0},
                                    {0x1680, 0x1680}, {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F},
                                    {0x205F, 0x205F}, {0x3000, 0x3000}};

void append_hex(std::string& out, char32_t c) {
  char digits[8];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), static_cast<std::uint32_t>(c), 16).ptr;
  out.append("\\x{").append(digits, end).append("}");
}

void append_range(std::string& out, Range range) {
  append_hex(out, range.first);
  if (range.first == range.last) return;
  out.push_back('-');
  append_hex(out, range.last);
}

/// `ranges` are in order and do not touch.
void append_ranges(std::string& out, std::span<const Range> ranges, bool negated) {
  char32_t next = 0;
  for (const Range range : ranges) {
    if (!negated) {
      append_range(out, range);
    } else if (range.first > next) {
      append_range(out, {next, range.first - 1});
    }
    next = range.last + 1;
  }
  if (negated) append_range(out, {next, code_point_max});
}

std::span<const Range> ranges_of(CategoryKind kind, bool is_ascii) {
  switch (kind) {
    case CategoryKind::digit: return ascii_digits;
    case CategoryKind::space: return is_ascii ? std::span<const Range>(ascii_spaces) : unicode_spaces;
    case CategoryKind::word: return ascii_words;
  }
  return {};
}

/// Categories that PCRE2 knows as Python does.
bool is_native(Category category, Flags flags) {
  return category.kind != CategoryKind::space && (flags & flag_ascii) == 0;
}

void append_native(std::string& out, Category category) {
  const char letter = category.kind == CategoryKind::digit ? 'd' : 'w';
  out.push_back('\\');
  out.push_back(category.negated ? static_cast<char>(letter - ('a' - 'A')) : letter);
}

/// The other case of those ASCII letters that lie in `range`.
void append_other_cases(std::string& out, Range range) {
  const Range upper{std::max<char32_t>(range.first, 'A'), std::min<char32_t>(range.last, 'Z')};
  const Range lower{std::max<char32_t>(range.first, 'a'), std::min<char32_t>(range.last, 'z')};
  const char32_t distance = 'a' - 'A';
  if (upper.first <= upper.last) append_range(out, {upper.first + distance, upper.last + distance});
  if (lower.first <= lower.last) append_range(out, {lower.first - distance, lower.last - distance});
}

struct ItemWriter {
  std::string& out;
  Flags flags;

  void operator()(Literal literal) const {
    append_literal(out, literal.c);
    if (spells_cases()) append_other_cases(out, {literal.c, literal.c});
  }
  void operator()(Range range) const {
    append_range(out, range);
    if (spells_cases()) append_other_cases(out, range);
  }
  void operator()(Category category) const {
    if (is_native(category, flags)) return append_native(out, category);
    append_ranges(out, ranges_of(category.kind, (flags & flag_ascii) != 0), category.negated);
  }
  [[nodiscard]] bool spells_cases() const { return (flags & flag_ascii) != 0 && (flags & flag_ignore_case) != 0; }
};

}  // namespace

void append_literal(std::string& out, char32_t c) {
  if (c < 0x80 && !is_ascii_letter(c) && !is_digit(c)) out.push_back('\\');
  append_wtf8(out, c);
}

void append_set(std::string& out, const Set& set, Flags flags) {
  if (set.items.size() == 1) {
    const auto* category = std::get_if<Category>(&set.items.front());
    if (category != nullptr && is_native(*category, flags)) {
      return append_native(out, {category->kind, category->negated != set.negated});
    }
  }
  out += set.negated ? "[^" : "[";
  for (const SetItem& item : set.items) std::visit(ItemWriter{out, flags}, item);
  out.push_back(']');
}

}  // namespace hearth::regex
