#include "protocol/base/option_prefix.h"

#include <algorithm>
#include <utility>

namespace hearth {
namespace {

Result<std::string> expand(std::string_view argument, std::span<const std::string_view> long_names) {
  if (!argument.starts_with("--")) return std::string(argument);
  const std::size_t name_end = std::min(argument.find('='), argument.size());
  const std::string_view name = argument.substr(0, name_end);
  std::vector<std::string_view> candidates;
  for (const std::string_view known : long_names) {
    if (known == name) return std::string(argument);
    if (known.starts_with(name)) candidates.push_back(known);
  }
  if (candidates.empty()) return std::string(argument);
  if (candidates.size() == 1) return std::string(candidates.front()) + std::string(argument.substr(name_end));
  std::sort(candidates.begin(), candidates.end());
  std::string text = "ambiguous option: " + std::string(name) + " (";
  for (const std::string_view candidate : candidates) text += std::string(candidate) + (candidate == candidates.back() ? "?)" : ", ");
  return fail(ErrorKind::malformed, std::move(text));
}

}  // namespace

Result<std::vector<std::string>> expand_option_prefixes(std::vector<std::string> words,
                                                        std::span<const std::string_view> long_names) {
  for (std::string& word : words) {
    if (word == "--") break;
    auto whole = expand(word, long_names);
    if (!whole) return forward_error(whole);
    word = std::move(*whole);
  }
  return words;
}

}  // namespace hearth
