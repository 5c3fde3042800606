#include "nameserver/registry/regex_groups.h"

#include <algorithm>
#include <string_view>

#include "protocol/value/repr_parts.h"

namespace hearth::regex {
namespace {

/// MAXGROUPS of CPython on 64 bits.
constexpr std::uint64_t group_number_limit = 1073741823;

std::string with_repr(std::string_view message, std::string_view name) {
  std::string text(message);
  append_str_repr(text, name);
  return text;
}

bool is_identifier(std::string_view name) {
  const auto is_name_byte = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || is_ascii_letter(byte) || is_digit(byte) || byte == '_';
  };
  return !name.empty() && !is_digit(static_cast<unsigned char>(name.front())) &&
         std::all_of(name.begin(), name.end(), is_name_byte);
}

bool is_number(std::string_view text) {
  const auto is_digit_byte = [](char c) { return is_digit(static_cast<unsigned char>(c)); };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit_byte);
}

Width capped(std::uint64_t min, std::uint64_t max) {
  return {std::min(min, repeat_unbounded - 1), std::min(max, repeat_unbounded)};
}

}  // namespace

void check_group_name(Source& source, const Name& name) {
  if (is_identifier(name.text)) return;
  source.fail(with_repr("bad character in group name ", name.text), name.position);
}

std::uint32_t Groups::open(Source& source, const Name* name) {
  widths_.emplace_back();
  const std::uint32_t group = count();
  if (name == nullptr) return group;
  const auto [known, is_new] = numbers_.emplace(name->text, group);
  if (!is_new) {
    source.fail(with_repr("redefinition of group name ", name->text) + " as group " + std::to_string(group) +
                    "; was group " + std::to_string(known->second),
                name->position);
  }
  return group;
}

void Groups::close(std::uint32_t group, const std::vector<Sequence>& branches) {
  widths_[group - 1] = width_of(branches);
}

bool Groups::is_closed(std::uint32_t group) const {
  return group != 0 && group <= count() && widths_[group - 1].has_value();
}

std::uint32_t Groups::number_of(Source& source, const Name& name) const {
  check_group_name(source, name);
  const auto found = numbers_.find(name.text);
  if (found != numbers_.end()) return found->second;
  source.fail(with_repr("unknown group name ", name.text), name.position);
  return 0;
}

std::uint32_t Groups::number_of_condition(Source& source, const Name& name) {
  if (is_identifier(name.text)) return number_of(source, name);
  if (!is_number(name.text)) {
    source.fail(with_repr("bad character in group name ", name.text), name.position);
    return 0;
  }
  const std::string digits = name.text.substr(std::min(name.text.find_first_not_of('0'), name.text.size()));
  if (digits.empty()) {
    source.fail("bad group number", name.position);
    return 0;
  }
  const std::uint64_t number = digits.size() > 10 ? group_number_limit : std::stoull(digits);
  if (number >= group_number_limit) {
    source.fail("invalid group reference " + digits, name.position);
    return 0;
  }
  conditions_.push_back({static_cast<std::uint32_t>(number), name.position});
  return conditions_.back().group;
}

void Groups::check_reference(Source& source, std::uint32_t group, std::size_t position) const {
  if (!is_closed(group)) source.fail("cannot refer to an open group", position);
  check_lookbehind(source, group);
}

void Groups::check_lookbehind(Source& source, std::uint32_t group) const {
  if (!first_in_lookbehind_) return;
  if (!is_closed(group)) source.fail("cannot refer to an open group", source.tell());
  if (group >= *first_in_lookbehind_) {
    source.fail("cannot refer to group defined in the same lookbehind subpattern", source.tell());
  }
}

void Groups::check_conditions(Source& source) const {
  for (const Condition& condition : conditions_) {
    if (condition.group <= count()) continue;
    source.fail("invalid group reference " + std::to_string(condition.group), condition.position);
  }
}

bool Groups::enter_lookbehind() {
  if (first_in_lookbehind_) return false;
  first_in_lookbehind_ = count() + 1;
  return true;
}

// The three width_of() are SubPattern.getwidth(): whatever the match, its width lies between min and max.

Width Groups::width_of(const std::vector<Sequence>& branches) const {
  Width width{repeat_unbounded, 0};
  for (const Sequence& branch : branches) {
    const Width one = width_of(branch);
    width = {std::min(width.min, one.min), std::max(width.max, one.max)};
  }
  return width;
}

Width Groups::width_of(const Sequence& sequence) const {
  Width width;
  for (const Node& node : sequence) {
    const Width one = width_of(node);
    width = capped(width.min + one.min, width.max + one.max);
  }
  return width;
}

Width Groups::width_of(const Node& node) const {
  if (std::holds_alternative<Anchor>(node.form)) return {0, 0};
  if (const auto* group = std::get_if<Group>(&node.form)) {
    return group->is_look_around() ? Width{0, 0} : width_of(group->branches);
  }
  if (const auto* repeat = std::get_if<Repeat>(&node.form)) {
    const Width item = width_of(repeat->item);
    return capped(item.min * repeat->min, item.max * repeat->max);
  }
  if (const auto* reference = std::get_if<GroupReference>(&node.form)) return *widths_[reference->group - 1];
  if (const auto* conditional = std::get_if<Conditional>(&node.form)) {
    const Width yes = width_of(conditional->yes);
    if (!conditional->no) return {0, yes.max};
    const Width no = width_of(*conditional->no);
    return {std::min(yes.min, no.min), std::max(yes.max, no.max)};
  }
  return {1, 1};
}

}  // namespace hearth::regex
