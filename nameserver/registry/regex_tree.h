/// regex::Tree: a Python regular expression after parsing: what it means, without how it was spelled.
///
/// Layer: registry (base only).        Thread rule: none, plain values.
/// Depth: the parser bounds it (Limits::pattern_nesting_max), so recursion over a Tree is safe.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace hearth::regex {

/// A set of the letters in `(?aiLmsux)`. Verbose ends with the parser; the others live on in the tree.
using Flags = std::uint8_t;
inline constexpr Flags flag_ascii = 1;
inline constexpr Flags flag_ignore_case = 2;
inline constexpr Flags flag_locale = 4;
inline constexpr Flags flag_multiline = 8;
inline constexpr Flags flag_dot_all = 16;
inline constexpr Flags flag_verbose = 32;
inline constexpr Flags flag_unicode = 64;
inline constexpr Flags flag_template = 128;  ///< `t`: undocumented and without effect
inline constexpr Flags type_flags = flag_ascii | flag_locale | flag_unicode;

/// "No upper bound", and the first repetition number that Python refuses (MAXREPEAT).
inline constexpr std::uint64_t repeat_unbounded = 0xFFFFFFFF;

struct Node;
using Sequence = std::vector<Node>;

struct Literal {
  char32_t c = 0;
  bool operator==(const Literal&) const = default;
};

/// `.`
struct AnyCharacter {};

struct Range {
  char32_t first = 0;
  char32_t last = 0;
  bool operator==(const Range&) const = default;
};

enum class CategoryKind : unsigned char { digit, space, word };

/// `\d \s \w`, negated `\D \S \W`.
struct Category {
  CategoryKind kind = CategoryKind::digit;
  bool negated = false;
  bool operator==(const Category&) const = default;
};

using SetItem = std::variant<Literal, Range, Category>;

/// `[…]`, or a category that stands alone.
struct Set {
  bool negated = false;
  std::vector<SetItem> items;
};

enum class AnchorKind : unsigned char {
  line_start,  ///< `^`
  line_end,    ///< `$`
  text_start,  ///< `\A`
  text_end,    ///< `\Z`
  boundary,    ///< `\b`
  no_boundary  ///< `\B`
};

struct Anchor {
  AnchorKind kind = AnchorKind::text_start;
};

/// `\1`, `(?P=name)`
struct GroupReference {
  std::uint32_t group = 0;
};

enum class GroupKind : unsigned char { capturing, plain, atomic, ahead, not_ahead, behind, not_behind };

struct Group {
  GroupKind kind = GroupKind::plain;
  Flags added = 0;    ///< plain groups only: `(?i:…)`
  Flags removed = 0;  ///< plain groups only: `(?-i:…)`
  std::vector<Sequence> branches;

  [[nodiscard]] bool is_look_around() const { return kind >= GroupKind::ahead; }
};

/// `(?(1)yes|no)`
struct Conditional {
  std::uint32_t group = 0;
  Sequence yes;
  std::optional<Sequence> no;
};

enum class Greed : unsigned char { greedy, lazy, possessive };

struct Repeat {
  std::uint64_t min = 0;
  std::uint64_t max = 0;  ///< repeat_unbounded: none
  Greed greed = Greed::greedy;
  Sequence item;  ///< exactly one node; neither an Anchor nor a Repeat
};

struct Node {
  std::variant<Literal, AnyCharacter, Set, Anchor, GroupReference, Group, Conditional, Repeat> form;
};

struct Tree {
  Flags flags = 0;
  std::vector<Sequence> branches;
};

/// The flags inside a group (CPython: _combine_flags).
[[nodiscard]] constexpr Flags combine_flags(Flags outer, const Group& group) {
  const unsigned kept = (group.added & type_flags) != 0 ? outer & ~unsigned{type_flags} : outer;
  return static_cast<Flags>((kept | group.added) & ~unsigned{group.removed});
}

}  // namespace hearth::regex
