/// Index: all registrations in memory, as the last commit left them. Every read is answered from here.
///
/// Layer: registry (model).        Thread rule: loop thread.
/// Ownership: a `const CompactRegistration*` is valid until the next apply() or put().
/// Promise 1 of DESIGN.md rests on one rule: only what the engine has applied is applied here.
/// Memory: one block a name (compact_registration.h), a hash slot and a place in the order; each tag's text once.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "nameserver/model/compact_set.h"
#include "nameserver/model/mutation.h"
#include "nameserver/model/tag_table.h"

namespace hearth {

class Index {
 public:
  /// In the order of the names (bytewise).
  using Matches = std::vector<const CompactRegistration*>;

  /// Takes over one change that the engine has applied.
  void apply(Mutation mutation);

  /// Takes over one registration that the engine has stored; the tags are sorted, each once.
  void put(std::string_view name, std::string_view uri, std::span<const std::string_view> tags);

  [[nodiscard]] std::size_t size() const { return by_name_.size(); }

  /// nullptr: no such name.
  [[nodiscard]] const CompactRegistration* find(std::string_view name) const;

  /// Sorted; valid as long as the entry.
  [[nodiscard]] std::vector<std::string_view> tags_of(const CompactRegistration& entry) const;

  /// An empty prefix matches everything. Costs what the result costs, not what is stored.
  [[nodiscard]] Matches with_prefix(std::string_view prefix) const;

  /// The next names behind `last` (nullopt: the first ones), `count_max` at most: walks everything piece by piece, while others
  /// change it in between. Empty: that was all.
  [[nodiscard]] Matches after(std::optional<std::string_view> last, std::size_t count_max) const;

  /// Having each of the tags (no tags: everything), or at least one of them. Costs the shortest posting list, or all of them.
  [[nodiscard]] Matches with_all_tags(std::span<const std::string> tags) const;
  [[nodiscard]] Matches with_any_tag(std::span<const std::string> tags) const;

 private:
  using Postings = std::vector<CompactRegistration*>;

  void set_tags(std::string_view name, const Tags& tags);
  void remove(std::string_view name);
  void add_postings(CompactRegistration& entry);
  void drop_postings(CompactRegistration& entry);

  CompactSet by_name_;
  CompactOrder in_order_;
  TagTable tags_;
  std::vector<Postings> postings_;  ///< by the number of the tag, in any order
};

}  // namespace hearth
