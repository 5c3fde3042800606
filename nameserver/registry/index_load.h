/// IndexLoad: fills an empty index with all that a storage holds, at a fraction of the price of as many put().
///
/// Layer: registry (model).        Thread rule: loop thread.
/// Ownership: the index must outlive it, and nobody may read or change the index before finish().
#pragma once

#include <vector>

#include "nameserver/registry/index.h"

namespace hearth {

class IndexLoad {
 public:
  explicit IndexLoad(Index& index);

  /// Of two with one name the last counts, as with put().
  void take(const RegistrationView& registration);

  /// Puts all of them into their places: the table gets its size at once, and the order is sorted once, beside that in a
  /// thread of its own, which ends before this returns.
  void finish();

 private:
  [[nodiscard]] TagNumber use_tag(TagNumber stored, std::string_view text);
  /// What found its name taken.
  [[nodiscard]] std::vector<CompactPtr> fill_table();

  Index& index_;
  std::vector<CompactPtr> entries_;
  std::vector<std::optional<TagNumber>> tags_;  ///< the index's number of a tag, by that of the storage
  std::vector<TagNumber> numbers_;              ///< of one registration
};

}  // namespace hearth
