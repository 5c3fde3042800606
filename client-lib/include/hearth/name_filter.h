/// NameFilter: which registrations of a name server are meant.
///
/// Layer: client-lib, public.        Thread rule: plain value.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>

#include <hearth/api.h>

namespace HEARTH_API hearth {

/// Metadata tags of a registration: case-sensitive Unicode.
using TagSet = std::set<std::string, std::less<>>;

struct NameFilter {
  enum class By : unsigned char {
    nothing,   ///< all of them
    prefix,    ///< `text` is how the name begins
    regex,     ///< `text` matches the name as Python's re.match does: anchored at the start only
    all_tags,  ///< has all of `tags`; without tags: none
    any_tag,   ///< has one of `tags` at least
  };

  By by = By::nothing;
  std::string text = {};
  TagSet tags = {};

  [[nodiscard]] static NameFilter all() { return {}; }
  [[nodiscard]] static NameFilter prefix(std::string text) { return {By::prefix, std::move(text)}; }
  [[nodiscard]] static NameFilter regex(std::string text) { return {By::regex, std::move(text)}; }
  [[nodiscard]] static NameFilter all_tags(TagSet tags) { return {By::all_tags, {}, std::move(tags)}; }
  [[nodiscard]] static NameFilter any_tag(TagSet tags) { return {By::any_tag, {}, std::move(tags)}; }
};

}  // namespace hearth
