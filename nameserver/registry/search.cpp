#include "nameserver/registry/search.h"

#include <algorithm>

#include "nameserver/registry/pattern.h"
#include "protocol/rpc/python_exceptions.h"

namespace hearth {
namespace {

/// Python has no limit to tell of; its "invalid regex" prefix would send people looking for a fault of syntax.
tl::unexpected<RemoteException> regex_error(const Error& error) {
  return raise("NamingError", (error.kind == ErrorKind::limit ? "regex refused: " : "invalid regex: ") + error.text);
}

}  // namespace

Checked<Index::Matches> search_prefix(const Index& index, const Value& prefix) {
  if (const std::string* text = prefix.as_str()) return index.with_prefix(*text);
  const Tuple* alternatives = prefix.as<Tuple>();
  if (alternatives == nullptr) {
    return raise("builtins.TypeError",
                 "startswith first arg must be str or a tuple of str, not " + std::string(prefix.type_name()));
  }
  Index::Matches matches;
  for (const Value& alternative : alternatives->items) {
    const std::string* text = alternative.as_str();
    if (text == nullptr) {
      return raise("builtins.TypeError",
                   "tuple for startswith must only contain str, not " + std::string(alternative.type_name()));
    }
    for (const CompactRegistration* match : index.with_prefix(*text)) matches.push_back(match);
  }
  std::sort(matches.begin(), matches.end(), [](const auto* a, const auto* b) { return a->name() < b->name(); });
  matches.erase(std::unique(matches.begin(), matches.end()), matches.end());
  return matches;
}

Checked<Index::Matches> search_regex(const Index& index, const Value& regex, const Limits& limits) {
  const std::string* text = regex.as_str();
  if (text == nullptr) {
    if (const auto type = regex.unhashable_type()) {
      return raise("builtins.TypeError", "unhashable type: '" + std::string(*type) + "'");
    }
    return raise("builtins.TypeError", "first argument must be string or compiled pattern");
  }
  auto pattern = Pattern::compile(*text, limits);
  if (!pattern) return regex_error(pattern.error());
  Index::Matches matches;
  for (const CompactRegistration* candidate : index.with_prefix(pattern->literal_prefix())) {
    const auto is_match = pattern->matches(candidate->name());
    if (!is_match) return regex_error(is_match.error());
    if (*is_match) matches.push_back(candidate);
  }
  return matches;
}

Checked<Index::Matches> search_all_tags(const Index& index, const Value& tags) {
  auto search = checked_search_tags(tags, "metadata_all");
  if (!search) return tl::unexpected<RemoteException>(std::move(search.error()));
  if (search->has_other) return Index::Matches{};
  return index.with_all_tags(search->tags);
}

Checked<Index::Matches> search_any_tag(const Index& index, const Value& tags) {
  auto search = checked_search_tags(tags, "metadata_any");
  if (!search) return tl::unexpected<RemoteException>(std::move(search.error()));
  return index.with_any_tag(search->tags);
}

}  // namespace hearth
