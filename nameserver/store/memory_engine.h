/// MemoryEngine: registrations that last as long as the process; and the plainest form of the contract, for tests.
///
/// Layer: store.        Thread rule: as engine.h says.        Errors: none of its own.
/// The index has all text too, on the other thread; here it is kept as compactly as there.
#pragma once

#include <vector>

#include "nameserver/model/compact_set.h"
#include "nameserver/model/tag_table.h"
#include "nameserver/store/engine.h"

namespace hearth {

class MemoryEngine final : public Engine {
 public:
  [[nodiscard]] Result<void> load_all(const TakeRegistration& take) override;
  [[nodiscard]] std::vector<Result<Outcome>> commit(std::span<const ChainedMutation> batch) override;
  [[nodiscard]] Result<void> reopen() override { return {}; }
  [[nodiscard]] Result<std::unique_ptr<EngineCopy>> begin_copy() override;
  [[nodiscard]] std::string description() const override { return "memory"; }

 private:
  Outcome apply(const Put& put);
  Outcome apply(const SetTags& set);
  Outcome apply(const Remove& remove);
  Outcome apply(const Evict& evict);

  void put(std::string_view name, std::string_view uri, const Tags& tags);
  bool remove(std::string_view name);
  void drop(CompactPtr entry);

  CompactSet entries_;
  TagTable tags_;
  bool is_copied_ = false;           ///< a copy may still look at any entry that was there when it began
  std::vector<CompactPtr> dropped_;  ///< since then
};

}  // namespace hearth
