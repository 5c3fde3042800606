#include "nameserver/registry/search.h"

#include <algorithm>
#include <utility>

#include "nameserver/registry/index_walk.h"
#include "nameserver/registry/pattern.h"
#include "nameserver/registry/tag_search.h"
#include "protocol/rpc/python_exceptions.h"

namespace hearth {
namespace {

/// Steps of a pattern that cost about what looking at one registration does.
constexpr std::uint64_t pattern_steps_per_item = 8;

/// Python has no limit to tell of; its "invalid regex" prefix would send people looking for a fault of syntax.
tl::unexpected<RemoteException> regex_error(const Error& error) {
  return raise("NamingError", (error.kind == ErrorKind::limit ? "regex refused: " : "invalid regex: ") + error.text);
}

class PrefixSearch final : public Search {
 public:
  PrefixSearch(Index& index, std::vector<std::string> prefixes) : walk_(index, std::move(prefixes)) {}

  [[nodiscard]] Checked<const CompactRegistration*> next(std::size_t& items_left) override {
    return walk_.next(items_left);
  }
  [[nodiscard]] bool is_over() const override { return walk_.is_over(); }

 private:
  IndexWalk walk_;
};

class RegexSearch final : public Search {
 public:
  RegexSearch(Index& index, Pattern pattern)
      : walk_(index, {std::string(pattern.literal_prefix())}), pattern_(std::move(pattern)) {}

  [[nodiscard]] Checked<const CompactRegistration*> next(std::size_t& items_left) override {
    while (const CompactRegistration* entry = walk_.next(items_left)) {
      const std::uint64_t steps_before = pattern_.steps_left();
      const auto is_match = pattern_.matches(entry->name());
      if (!is_match) return regex_error(is_match.error());
      const std::uint64_t items = (steps_before - pattern_.steps_left()) / pattern_steps_per_item;
      items_left -= std::min<std::uint64_t>(items_left, items);
      if (*is_match) return entry;
    }
    return nullptr;
  }
  [[nodiscard]] bool is_over() const override { return walk_.is_over(); }

 private:
  IndexWalk walk_;
  Pattern pattern_;
};

class NamedSearch final : public Search {
 public:
  NamedSearch(SearchPtr search, NamePredicate names) : search_(std::move(search)), names_(std::move(names)) {}

  [[nodiscard]] Checked<const CompactRegistration*> next(std::size_t& items_left) override {
    while (true) {
      auto match = search_->next(items_left);
      if (!match || *match == nullptr || names_((*match)->name())) return match;
    }
  }
  [[nodiscard]] bool is_over() const override { return search_->is_over(); }

 private:
  const SearchPtr search_;
  const NamePredicate names_;
};

}  // namespace

SearchPtr search_everything(Index& index) {
  return std::make_unique<PrefixSearch>(index, std::vector<std::string>{""});
}

Checked<SearchPtr> search_prefix(Index& index, const Value& prefix) {
  if (const std::string* text = prefix.as_str()) {
    return std::make_unique<PrefixSearch>(index, std::vector<std::string>{*text});
  }
  const Tuple* alternatives = prefix.as<Tuple>();
  if (alternatives == nullptr) {
    return raise("builtins.TypeError",
                 "startswith first arg must be str or a tuple of str, not " + std::string(prefix.type_name()));
  }
  std::vector<std::string> prefixes;
  for (const Value& alternative : alternatives->items) {
    const std::string* text = alternative.as_str();
    if (text == nullptr) {
      return raise("builtins.TypeError",
                   "tuple for startswith must only contain str, not " + std::string(alternative.type_name()));
    }
    prefixes.push_back(*text);
  }
  return std::make_unique<PrefixSearch>(index, std::move(prefixes));
}

Checked<SearchPtr> search_regex(Index& index, const Value& regex, const Limits& limits) {
  const std::string* text = regex.as_str();
  if (text == nullptr) {
    if (const auto type = regex.unhashable_type()) {
      return raise("builtins.TypeError", "unhashable type: '" + std::string(*type) + "'");
    }
    return raise("builtins.TypeError", "first argument must be string or compiled pattern");
  }
  auto pattern = Pattern::compile(*text, limits);
  if (!pattern) return regex_error(pattern.error());
  return std::make_unique<RegexSearch>(index, std::move(*pattern));
}

Checked<SearchPtr> search_all_tags(Index& index, const Value& tags) {
  auto search = checked_search_tags(tags, "metadata_all");
  if (!search) return tl::unexpected<RemoteException>(std::move(search.error()));
  if (search->has_other) return std::make_unique<PrefixSearch>(index, std::vector<std::string>{});
  if (search->tags.empty()) return search_everything(index);
  return search_tags(index, search->tags, TagsWanted::all);
}

Checked<SearchPtr> search_any_tag(Index& index, const Value& tags) {
  auto search = checked_search_tags(tags, "metadata_any");
  if (!search) return tl::unexpected<RemoteException>(std::move(search.error()));
  return search_tags(index, search->tags, TagsWanted::any);
}

SearchPtr only_named(SearchPtr search, NamePredicate names) {
  if (!names) return search;
  return std::make_unique<NamedSearch>(std::move(search), std::move(names));
}

SearchPtr only_changeable(const Index& index, SearchPtr search, const ClaimRef& claim) {
  if (!claim || !claim->is_owner_only) return search;
  return only_named(std::move(search),
                    [&index, claim](std::string_view name) { return index.may_change(claim, name); });
}

}  // namespace hearth
