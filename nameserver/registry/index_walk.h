/// IndexWalk: the registrations whose names have certain prefixes, as of the moment when the walk began, one after the other.
///
/// Layer: registry (model).        Thread rule: loop thread, with the index.
/// Nothing is copied at the beginning: the walk goes through the index itself and notes how things were before a change that lies
/// ahead of it. So beginning costs nothing, and memory only what changes meanwhile.
#pragma once

#include <absl/container/btree_map.h>

#include <string>
#include <string_view>
#include <vector>

#include "nameserver/registry/index.h"

namespace hearth {

class IndexWalk final : private IndexReader {
 public:
  /// An empty prefix stands for everything, no prefix for nothing.
  IndexWalk(Index& index, std::vector<std::string> prefixes);
  ~IndexWalk() override = default;

  /// The next one in the order of the names (bytewise), looking at `items_left` at most, which becomes less. nullptr: nothing
  /// among these, or is_over(). What it gives stays valid as long as the walk.
  [[nodiscard]] const CompactRegistration* next(std::size_t& items_left);

  [[nodiscard]] bool is_over() const { return current_ == prefixes_.size(); }

 private:
  void on_change(std::string_view name, const CompactRegistration* before) override;
  [[nodiscard]] bool is_ahead(std::string_view name) const;
  [[nodiscard]] const CompactRegistration* live();
  void pass(std::string_view name);
  [[nodiscard]] const CompactRegistration* take_before();

  std::vector<std::string> prefixes_;  ///< sorted, none of them the beginning of another
  std::size_t current_ = 0;            ///< the one that the walk is at
  CompactOrder::const_iterator position_;
  std::uint64_t position_valid_at_ = 0;  ///< Index::changes() for which position_ is right; others: look it up anew
  bool has_position_ = false;
  bool has_passed_ = false;
  std::string_view passed_;  ///< the last name that the walk is done with
  /// Names ahead that have changed since the walk began, with what they were then; nullptr: nothing.
  absl::btree_map<std::string_view, const CompactRegistration*> before_;
};

}  // namespace hearth
