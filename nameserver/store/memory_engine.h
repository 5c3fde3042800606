/// MemoryEngine: registrations that last as long as the process; and the plainest form of the contract, for tests.
///
/// Layer: store.        Thread rule: as engine.h says.        Errors: none of its own.
#pragma once

#include <unordered_map>

#include "nameserver/store/engine.h"

namespace hearth {

class MemoryEngine final : public Engine {
 public:
  [[nodiscard]] Result<std::vector<Registration>> load_all() override;
  [[nodiscard]] std::vector<Result<Outcome>> commit(std::span<const ChainedMutation> batch) override;
  [[nodiscard]] Result<void> reopen() override { return {}; }
  [[nodiscard]] std::string description() const override { return "memory"; }

 private:
  struct Entry {
    std::string uri;
    Tags tags;
  };

  Outcome apply(const Put& put);
  Outcome apply(const SetTags& set);
  Outcome apply(const Remove& remove);
  Outcome apply(const Evict& evict);

  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace hearth
