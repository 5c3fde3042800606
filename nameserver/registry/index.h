/// Index: all registrations in memory, as the last commit left them. Every read is answered from here.
///
/// Layer: registry (model).        Thread rule: loop thread.
/// Ownership: a `const Registration*` is valid until the next apply().
/// Promise 1 of DESIGN.md rests on one rule: only what the engine has applied is applied here.
#pragma once

#include <absl/container/btree_set.h>
#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "nameserver/model/mutation.h"

namespace hearth {

class Index {
 public:
  /// In the order of the names (bytewise).
  using Matches = std::vector<const Registration*>;

  /// Takes over one change that the engine has applied.
  void apply(Mutation mutation);

  [[nodiscard]] std::size_t size() const { return by_name_.size(); }

  /// nullptr: no such name.
  [[nodiscard]] const Registration* find(std::string_view name) const;

  /// An empty prefix matches everything. Costs what the result costs, not what is stored.
  [[nodiscard]] Matches with_prefix(std::string_view prefix) const;

  /// The next names behind `last` (nullopt: the first ones), `count_max` at most: walks everything piece by piece, while others
  /// change it in between. Empty: that was all.
  [[nodiscard]] Matches after(std::optional<std::string_view> last, std::size_t count_max) const;

  /// Having each of the tags (no tags: everything), or at least one of them. Costs the shortest posting list, or all of them.
  [[nodiscard]] Matches with_all_tags(std::span<const std::string> tags) const;
  [[nodiscard]] Matches with_any_tag(std::span<const std::string> tags) const;

 private:
  struct HashByName {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return absl::Hash<std::string_view>()(name); }
    std::size_t operator()(const std::unique_ptr<Registration>& entry) const { return (*this)(entry->name); }
  };
  struct SameName {
    using is_transparent = void;
    static std::string_view name_of(std::string_view name) { return name; }
    static std::string_view name_of(const std::unique_ptr<Registration>& entry) { return entry->name; }
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return name_of(a) == name_of(b);
    }
  };
  struct LessByName {
    using is_transparent = void;
    static std::string_view name_of(std::string_view name) { return name; }
    static std::string_view name_of(const Registration* entry) { return entry->name; }
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return name_of(a) < name_of(b);
    }
  };
  using Postings = absl::flat_hash_set<const Registration*>;

  void put(Registration registration);
  void set_tags(std::string_view name, Tags tags);
  void remove(std::string_view name);
  void add_postings(const Registration& entry);
  void drop_postings(const Registration& entry);
  [[nodiscard]] Registration* find_entry(std::string_view name) const;

  absl::flat_hash_set<std::unique_ptr<Registration>, HashByName, SameName> by_name_;
  absl::btree_set<const Registration*, LessByName> in_order_;
  absl::flat_hash_map<std::string, Postings> by_tag_;
};

}  // namespace hearth
