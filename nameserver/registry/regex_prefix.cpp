#include "nameserver/registry/regex_prefix.h"

#include <algorithm>

#include "nameserver/registry/regex_source.h"

namespace hearth::regex {
namespace {

struct Prefix {
  std::u32string text;
  bool is_whole = false;  ///< matches are `text` and nothing else, so what follows continues it
};

Prefix prefix_of(const std::vector<Sequence>& branches, Flags flags);

Prefix prefix_of(Literal literal, Flags flags) {
  const bool has_case = is_ascii_letter(literal.c) || literal.c >= 0x80;
  if ((flags & flag_ignore_case) != 0 && has_case) return {};
  return {std::u32string(1, literal.c), true};
}

Prefix prefix_of(const Group& group, Flags flags) {
  if (group.is_look_around()) return {U"", true};  // takes no text: what follows stands at the same place
  return prefix_of(group.branches, combine_flags(flags, group));
}

Prefix prefix_of(const Node& node, Flags flags);

Prefix prefix_of(const Repeat& repeat, Flags flags) {
  if (repeat.min == 0) return {};
  Prefix prefix = prefix_of(repeat.item.front(), flags);
  prefix.is_whole = prefix.is_whole && repeat.max == 1;
  return prefix;
}

Prefix prefix_of(const Node& node, Flags flags) {
  if (const auto* literal = std::get_if<Literal>(&node.form)) return prefix_of(*literal, flags);
  if (const auto* group = std::get_if<Group>(&node.form)) return prefix_of(*group, flags);
  if (const auto* repeat = std::get_if<Repeat>(&node.form)) return prefix_of(*repeat, flags);
  return {U"", std::holds_alternative<Anchor>(node.form)};
}

Prefix prefix_of(const Sequence& sequence, Flags flags) {
  Prefix prefix{U"", true};
  for (const Node& node : sequence) {
    const Prefix next = prefix_of(node, flags);
    prefix.text += next.text;
    prefix.is_whole = next.is_whole;
    if (!prefix.is_whole) break;
  }
  return prefix;
}

Prefix prefix_of(const std::vector<Sequence>& branches, Flags flags) {
  Prefix prefix = prefix_of(branches.front(), flags);
  for (std::size_t i = 1; i < branches.size(); ++i) {
    const std::u32string other = prefix_of(branches[i], flags).text;
    const auto differ = std::mismatch(prefix.text.begin(), prefix.text.end(), other.begin(), other.end());
    prefix.text.erase(differ.first, prefix.text.end());
    prefix.is_whole = false;
  }
  return prefix;
}

}  // namespace

std::string literal_prefix(const Tree& tree) {
  std::string prefix;
  for (const char32_t c : prefix_of(tree.branches, tree.flags).text) append_wtf8(prefix, c);
  return prefix;
}

}  // namespace hearth::regex
