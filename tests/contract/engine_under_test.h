/// EngineUnderTest: what the contract of nameserver/store/engine.h needs of an engine beside the interface: a new start, a
/// kill, a storage that fails, another writer.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/loaded.h"
#include "tests/support/mutations.h"

namespace hearth {

using Registrations = std::vector<Registration>;

inline Registrations sorted_by_name(Registrations all) {
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

class EngineUnderTest {
 public:
  virtual ~EngineUnderTest() = default;
  virtual Engine& engine() = 0;
  /// What the next start of the name server would find. An engine that lasts is closed and opened again for it.
  virtual Registrations load() = 0;

  /// What a start would find if the process were killed now. nullopt: nothing, and nobody expects more of it.
  virtual std::optional<Registrations> load_after_kill() { return std::nullopt; }

  /// From now on, until mend_storage(), the storage takes nothing. False: it cannot fail.
  virtual bool break_storage() { return false; }
  virtual void mend_storage() {}

  /// As another program that shares the storage, while the engine is open: these registrations are there afterwards, those
  /// names are not. False: the storage is not shared.
  virtual bool change_from_outside(const Registrations& /*put*/, const std::vector<std::string>& /*removed*/) {
    return false;
  }

  Registrations stored() { return sorted_by_name(load()); }
  std::string owners() { return loaded_owners(engine()).value(); }
  std::string owners_after_start() {
    load();
    return owners();
  }
  std::string commit(const Batch& batch) { return letters(engine().commit(batch)); }
};

/// Makes an empty one.
using MakeEngine = std::function<std::unique_ptr<EngineUnderTest>()>;

}  // namespace hearth
