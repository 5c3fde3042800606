/// Search: one search of list(), yplookup() or remove() going on: arguments in, registrations out, as of the moment it began.
///
/// Layer: registry.        Thread rule: loop thread, with the index.
/// Work: the caller says how many registrations may be looked at; a regular expression that works hard counts for more.
#pragma once

#include <memory>

#include <hearth/remote_exception.h>

#include "nameserver/registry/arguments.h"
#include "nameserver/registry/gate.h"
#include "nameserver/registry/index.h"
#include "protocol/base/limits.h"

namespace hearth {

class Search {
 public:
  virtual ~Search() = default;
  /// The next match, in no promised order, valid as long as the search; `items_left` becomes less. nullptr: none among these,
  /// or is_over().
  [[nodiscard]] virtual Checked<const CompactRegistration*> next(std::size_t& items_left) = 0;
  [[nodiscard]] virtual bool is_over() const = 0;
};

using SearchPtr = std::unique_ptr<Search>;

[[nodiscard]] SearchPtr search_everything(Index& index);

/// Names that begin with the prefix, or with one of a tuple of them (str.startswith): a real prefix, where the reference's SQL storage uses LIKE.
[[nodiscard]] Checked<SearchPtr> search_prefix(Index& index, const Value& prefix);

/// Names that Python's re.match() accepts; NamingError "invalid regex: …", or, also later, "regex refused: …" when it needs more
/// work than the limits allow.
[[nodiscard]] Checked<SearchPtr> search_regex(Index& index, const Value& regex, const Limits& limits);

/// Having each of the tags (no tags: everything), or at least one of them. Costs the shortest posting list, or all of them, but
/// never much more than a walk through everything.
[[nodiscard]] Checked<SearchPtr> search_all_tags(Index& index, const Value& tags);
[[nodiscard]] Checked<SearchPtr> search_any_tag(Index& index, const Value& tags);

/// Of its matches, those whose names `names` lets through.
[[nodiscard]] SearchPtr only_named(SearchPtr search, NamePredicate names);

/// Of its matches, those that the claim may change, as of when they are met.
[[nodiscard]] SearchPtr only_changeable(const Index& index, SearchPtr search, const ClaimRef& claim);

}  // namespace hearth
