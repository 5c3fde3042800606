#include "protocol/base/option_prefix.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace hearth {
namespace {

std::vector<std::string_view> beginning_with(std::string_view name, std::span<const std::string_view> known) {
  std::vector<std::string_view> found;
  std::copy_if(known.begin(), known.end(), std::back_inserter(found),
               [name](std::string_view candidate) { return candidate.starts_with(name); });
  return found;
}

Result<std::string> expand(std::string_view argument, const LongOptions& known) {
  if (!argument.starts_with("--")) return std::string(argument);
  const std::size_t name_end = std::min(argument.find('='), argument.size());
  const std::string_view name = argument.substr(0, name_end);
  if (std::find(known.ours.begin(), known.ours.end(), name) != known.ours.end()) return std::string(argument);
  std::vector<std::string_view> candidates = beginning_with(name, known.references);
  if (std::find(candidates.begin(), candidates.end(), name) != candidates.end()) return std::string(argument);
  if (candidates.empty()) candidates = beginning_with(name, known.ours);
  if (candidates.empty()) return std::string(argument);
  if (candidates.size() == 1) return std::string(candidates.front()) + std::string(argument.substr(name_end));
  std::sort(candidates.begin(), candidates.end());
  std::string text = "ambiguous option: " + std::string(name) + " (";
  for (const std::string_view candidate : candidates)
    text += std::string(candidate) + (candidate == candidates.back() ? "?)" : ", ");
  return fail(ErrorKind::malformed, std::move(text));
}

}  // namespace

Result<std::vector<std::string>> expand_option_prefixes(std::vector<std::string> words,
                                                        const LongOptions& long_options) {
  for (std::string& word : words) {
    if (word == "--") break;
    auto whole = expand(word, long_options);
    if (!whole) return forward_error(whole);
    word = std::move(*whole);
  }
  return words;
}

}  // namespace hearth
