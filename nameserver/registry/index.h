/// Index: all registrations in memory, as the last commit left them. Every read is answered from here.
///
/// Layer: registry (model).        Thread rule: loop thread.
/// Ownership: a `const CompactRegistration*` is valid until the next apply() or put(), or as long as an IndexReader that saw it.
/// Promise 1 of DESIGN.md rests on one rule: only what the engine has applied is applied here.
/// Memory: one block a name (compact_registration.h), a hash slot and a place in the order; each tag's text once.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "nameserver/model/compact_set.h"
#include "nameserver/model/mutation.h"
#include "nameserver/model/tag_table.h"

namespace hearth {

class Index;

/// Somebody who reads the index in several turns of the loop. What is replaced or removed meanwhile stays where it is, with its
/// tags; that costs changes nothing while nobody reads.
class IndexReader {
 public:
  explicit IndexReader(Index& index);
  IndexReader(const IndexReader&) = delete;
  IndexReader& operator=(const IndexReader&) = delete;

 protected:
  virtual ~IndexReader();
  [[nodiscard]] Index& index() const { return index_; }

 private:
  friend class Index;
  /// The registration of that name is about to be another one or none: so far it was `before` (nullptr: none). `name` is valid as
  /// long as the reader.
  virtual void on_change(std::string_view name, const CompactRegistration* before) = 0;

  Index& index_;
  std::uint64_t begun_;  ///< Index::changes_ at that moment
};

class Index {
 public:
  /// In the order of the names (bytewise).
  using Matches = std::vector<const CompactRegistration*>;

  /// Takes over one change that the engine has applied.
  void apply(Mutation mutation);

  /// Takes over one registration that the engine has stored; the tags are sorted, each once.
  void put(std::string_view name, std::string_view uri, std::span<const std::string_view> tags);
  /// Of a registration that has none yet; of an unknown name nothing.
  void set_owner(std::string_view name, std::string_view owner);

  [[nodiscard]] std::size_t size() const { return by_name_.size(); }

  /// nullptr: no such name.
  [[nodiscard]] const CompactRegistration* find(std::string_view name) const;

  /// Sorted; valid as long as the entry.
  [[nodiscard]] std::vector<std::string_view> tags_of(const CompactRegistration& entry) const;

  /// Empty: nobody's.
  [[nodiscard]] std::string_view owner_of(const CompactRegistration& entry) const;

  /// Of an unknown name: yes.
  [[nodiscard]] bool may_change(const ClaimRef& claim, std::string_view name) const;

  /// The next names behind `last` (nullopt: the first ones), `count_max` at most: walks everything piece by piece, while others
  /// change it in between. Empty: that was all.
  [[nodiscard]] Matches after(std::optional<std::string_view> last, std::size_t count_max) const;

  /// nullopt: nothing has it, and nothing that an open reader sees.
  [[nodiscard]] std::optional<TagNumber> tag_number(std::string_view tag) const { return tags_.find(tag); }

  /// Those that have the tag, in any order; valid until the next change.
  [[nodiscard]] std::span<CompactRegistration* const> with_tag(TagNumber tag) const;

  /// For walks: the order itself, and a number that tells whether it has changed, which makes iterators invalid.
  [[nodiscard]] const CompactOrder& in_order() const { return in_order_; }
  [[nodiscard]] std::uint64_t changes() const { return changes_; }

 private:
  friend class IndexReader;
  friend class IndexLoad;
  using Postings = std::vector<CompactRegistration*>;

  /// Gone, but some reader may still look at it.
  struct Gone {
    CompactPtr entry;
    std::uint64_t when;  ///< changes_ at its end: readers that began later do not know it
  };

  /// Takes its tags and its owner into use.
  [[nodiscard]] CompactPtr make(std::string_view name, std::string_view uri, std::span<const std::string_view> tags,
                                std::string_view owner = {});
  /// Instead of the registration that has the name so far.
  void place(CompactPtr entry);
  void set_tags(std::string_view name, const Tags& tags);
  void remove(std::string_view name);
  void add_postings(CompactRegistration& entry);
  void drop_postings(CompactRegistration& entry);
  void tell_readers(std::string_view name, const CompactRegistration* before);
  void bury(CompactPtr entry);
  void discard(CompactPtr entry);
  void reclaim(std::size_t count_max);
  void forget(const IndexReader& reader);

  CompactSet by_name_;
  CompactOrder in_order_;
  TagTable tags_;
  TagTable owners_;
  std::vector<Postings> postings_;  ///< by the number of the tag, in any order
  std::uint64_t changes_ = 0;
  std::vector<IndexReader*> readers_;  ///< in the order in which they began
  std::deque<Gone> gone_;              ///< in the order in which they went
};

}  // namespace hearth
