/// MemoryEngine: registrations that last as long as the process; and the plainest form of the contract, for tests.
///
/// Layer: store.        Thread rule: as engine.h says.        Errors: none of its own.
/// The index has all text too, on the other thread; here it is kept as compactly as there.
#pragma once

#include <vector>

#include "nameserver/model/compact_set.h"
#include "nameserver/model/owner_counts.h"
#include "nameserver/model/tag_table.h"
#include "nameserver/store/engine.h"

namespace hearth {

class MemoryEngine final : public Engine {
 public:
  [[nodiscard]] Result<void> load_all(const TakeRegistration& take) override;
  [[nodiscard]] Result<void> load_owners(const TakeOwner& take) override;
  [[nodiscard]] std::vector<Result<Outcome>> commit(std::span<const ChainedMutation> batch) override;
  [[nodiscard]] Result<void> reopen() override { return {}; }
  [[nodiscard]] Result<std::unique_ptr<EngineCopy>> begin_copy() override;
  [[nodiscard]] std::string description() const override { return "memory"; }

 private:
  Outcome apply(const Put& put);
  Outcome apply(const SetTags& set);
  Outcome apply(const Remove& remove);
  Outcome apply(const Evict& evict);

  void put(std::string_view name, std::string_view uri, const Tags& tags, std::string_view owner);
  bool remove(std::string_view name);
  void drop(CompactPtr entry);
  /// Empty: nobody's.
  [[nodiscard]] std::string_view owner_of(const CompactRegistration& entry) const;
  [[nodiscard]] std::string_view owner_of(std::string_view name) const;

  CompactSet entries_;
  TagTable tags_;
  TagTable owners_;                  ///< also of what is dropped_
  OwnerCounts owned_;                ///< of what is there
  bool is_copied_ = false;           ///< a copy may still look at any entry that was there when it began
  std::vector<CompactPtr> dropped_;  ///< since then
};

}  // namespace hearth
