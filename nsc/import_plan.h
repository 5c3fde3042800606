/// ImportPlan: what has to be registered so that a name server has the names of a source, as far as the conflict rule lets it.
///
/// Layer: nsc.        Thread rule: one thread; neither file nor network.
/// A name that the server has with the same URI and the same tags is no conflict: so an import that was interrupted goes on
/// where it was, under each rule.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <hearth/name_server.h>

#include "nsc/name_source.h"
#include "nsc/request.h"

namespace hearth::nsc {

struct ImportPlan {
  struct Conflict {
    std::size_t entry;
    std::string there;  ///< the URI that the server has
  };
  std::vector<std::size_t> to_register;  ///< of the source's entries, in their order
  std::vector<Conflict> conflicts;       ///< in the same order; with OnConflict::replace they are among those
  std::size_t unchanged = 0;             ///< entries that the server has as they are
};

/// Sees what a server has, one registration after the other: of a million it keeps no more than there is to do.
class ImportPlanner {
 public:
  /// `source` has an index, and outlives the planner.
  explicit ImportPlanner(const NameSource& source) : source_(source), found_(source.entries().size(), Found::nothing) {}

  /// What all names begin with, in whole characters: what begins otherwise need not be noted.
  [[nodiscard]] std::string common_prefix() const;
  void note_registered(const NameEntry& there);
  /// Once, when all have been noted.
  [[nodiscard]] ImportPlan plan(OnConflict rule);

 private:
  enum class Found : unsigned char { nothing, same, other };

  const NameSource& source_;
  std::vector<Found> found_;  ///< for each entry
  ImportPlan plan_;
};

}  // namespace hearth::nsc
