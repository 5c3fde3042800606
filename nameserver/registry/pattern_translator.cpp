#include "nameserver/registry/pattern_translator.h"

#include <algorithm>
#include <utility>

#include "nameserver/registry/regex_parser.h"
#include "nameserver/registry/regex_prefix.h"
#include "nameserver/registry/regex_sets.h"
#include "nameserver/registry/regex_tree.h"

namespace hearth {
namespace {

using regex::Anchor;
using regex::AnchorKind;
using regex::AnyCharacter;
using regex::Conditional;
using regex::Flags;
using regex::Greed;
using regex::Group;
using regex::GroupKind;
using regex::GroupReference;
using regex::Literal;
using regex::Node;
using regex::Repeat;
using regex::Sequence;
using regex::Set;
using regex::Tree;

/// PCRE2's largest repetition number.
constexpr std::uint64_t pcre_repeat_max = 65535;

/// PCRE2's caseless mode. With flag_ascii the sets spell out both cases instead (regex_sets.h).
bool is_caseless(Flags flags) { return (flags & regex::flag_ignore_case) != 0 && (flags & regex::flag_ascii) == 0; }

bool ignores_ascii_case(Flags flags) {
  return (flags & regex::flag_ignore_case) != 0 && (flags & regex::flag_ascii) != 0;
}

class Writer {
 public:
  explicit Writer(Flags flags) : flags_(flags) {}

  Result<TranslatedPattern> write(const Tree& tree) {
    if (is_caseless(flags_)) out_ += "(?i)";
    write_branches(tree.branches);
    if (is_repeated_too_often_) return fail(ErrorKind::limit, "the repetition number is too large");
    return TranslatedPattern{std::move(out_), regex::literal_prefix(tree), set_items_max_};
  }

  void operator()(const Literal& literal) {
    if (ignores_ascii_case(flags_)) return regex::append_set(out_, Set{false, {literal}}, flags_);
    regex::append_literal(out_, literal.c);
  }
  void operator()(const AnyCharacter&) { out_ += has(regex::flag_dot_all) ? "." : "\\N"; }
  void operator()(const Set& set) {
    regex::append_set(out_, set, flags_);
    set_items_max_ = std::max(set_items_max_, set.items.size());
  }
  void operator()(const Anchor& anchor);
  void operator()(const GroupReference& reference);
  void operator()(const Group& group);
  void operator()(const Conditional& conditional);
  void operator()(const Repeat& repeat);

 private:
  [[nodiscard]] bool has(Flags flag) const { return (flags_ & flag) != 0; }
  void write_boundary(bool negated);
  void write_sequence(const Sequence& sequence);
  void write_branches(const std::vector<Sequence>& branches);
  void write_bounds(const Repeat& repeat);

  std::string out_;
  Flags flags_;  ///< in force where out_ ends
  std::size_t set_items_max_ = 0;
  bool is_repeated_too_often_ = false;
};

void Writer::operator()(const Anchor& anchor) {
  switch (anchor.kind) {
    case AnchorKind::line_start: out_ += has(regex::flag_multiline) ? "^" : "\\A"; return;
    case AnchorKind::line_end: out_ += has(regex::flag_multiline) ? "$" : "\\Z"; return;
    case AnchorKind::text_start: out_ += "\\A"; return;
    case AnchorKind::text_end: out_ += "\\z"; return;
    case AnchorKind::boundary: return write_boundary(false);
    case AnchorKind::no_boundary: return write_boundary(true);
  }
}

void Writer::write_boundary(bool negated) {
  // CPython's _sre.c (SRE(at)) lets \B fail on an empty text.
  if (negated) out_ += "(?!\\A\\z)";
  if (!has(regex::flag_ascii)) {
    out_ += negated ? "\\B" : "\\b";
    return;
  }
  std::string word;
  regex::append_set(word, Set{false, {regex::Category{regex::CategoryKind::word, false}}}, regex::flag_ascii);
  const std::string after_word = "(?<=" + word + ")";
  const std::string not_after_word = "(?<!" + word + ")";
  const std::string before_word = "(?=" + word + ")";
  const std::string not_before_word = "(?!" + word + ")";
  out_ += "(?:" + after_word + (negated ? before_word : not_before_word);
  out_ += "|" + not_after_word + (negated ? not_before_word : before_word) + ")";
}

void Writer::operator()(const GroupReference& reference) {
  const std::string number = "\\g{" + std::to_string(reference.group) + "}";
  out_ += ignores_ascii_case(flags_) ? "(?i:" + number + ")" : number;
}

void Writer::operator()(const Group& group) {
  const Flags outer = flags_;
  flags_ = regex::combine_flags(flags_, group);
  switch (group.kind) {
    case GroupKind::capturing: out_ += "("; break;
    case GroupKind::plain:
      out_ += is_caseless(flags_) == is_caseless(outer) ? "(?:" : is_caseless(flags_) ? "(?i:" : "(?-i:";
      break;
    case GroupKind::atomic: out_ += "(?>"; break;
    case GroupKind::ahead: out_ += "(?="; break;
    case GroupKind::not_ahead: out_ += "(?!"; break;
    case GroupKind::behind: out_ += "(?<="; break;
    case GroupKind::not_behind: out_ += "(?<!"; break;
  }
  write_branches(group.branches);
  out_ += ")";
  flags_ = outer;
}

void Writer::operator()(const Conditional& conditional) {
  out_ += "(?(" + std::to_string(conditional.group) + ")";
  write_sequence(conditional.yes);
  if (conditional.no) {
    out_ += "|";
    write_sequence(*conditional.no);
  }
  out_ += ")";
}

void Writer::operator()(const Repeat& repeat) {
  const auto* group = std::get_if<Group>(&repeat.item.front().form);
  // PCRE2 gives quantifiers behind an assertion a meaning of their own.
  const bool is_wrapped = group != nullptr && group->is_look_around();
  if (is_wrapped) out_ += "(?:";
  write_sequence(repeat.item);
  if (is_wrapped) out_ += ")";
  write_bounds(repeat);
  if (repeat.greed == Greed::lazy) out_ += "?";
  if (repeat.greed == Greed::possessive) out_ += "+";
}

void Writer::write_bounds(const Repeat& repeat) {
  const bool is_unbounded = repeat.max == regex::repeat_unbounded;
  const std::uint64_t largest = is_unbounded ? repeat.min : repeat.max;
  if (largest > pcre_repeat_max) is_repeated_too_often_ = true;
  out_ += "{" + std::to_string(repeat.min) + ",";
  if (!is_unbounded) out_ += std::to_string(repeat.max);
  out_ += "}";
}

void Writer::write_sequence(const Sequence& sequence) {
  for (const Node& node : sequence) std::visit(*this, node.form);
}

void Writer::write_branches(const std::vector<Sequence>& branches) {
  for (std::size_t i = 0; i < branches.size(); ++i) {
    if (i > 0) out_ += "|";
    write_sequence(branches[i]);
  }
}

}  // namespace

Result<TranslatedPattern> translate_pattern(std::string_view python_pattern, const Limits& limits) {
  auto tree = regex::parse_regex(python_pattern, limits);
  if (!tree) return forward_error(tree);
  return Writer(tree->flags).write(*tree);
}

}  // namespace hearth
