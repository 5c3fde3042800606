/// LocationTable: the locations of one round, each once however many names share it, and what was found out about them.
///
/// Layer: upkeep.        Thread rule: plain object.
/// Memory: one entry a location, nothing a name.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string_view>

#include "nameserver/model/text_hash.h"
#include "nameserver/upkeep/location_prober.h"
#include "nameserver/upkeep/suspects.h"

namespace hearth {

struct ProbedLocation {
  Location location;
  std::string object;       ///< the only one registered there; empty: there are several
  std::uint64_t names = 0;  ///< that are registered there
  ProbeResult result;       ///< once it has been probed
  Finding finding = Finding::alive;

  /// What was found out about one of the objects there.
  [[nodiscard]] Finding finding_of(std::string_view asked) const {
    if (finding == Finding::alive && result.objects && !result.objects->contains(asked)) return Finding::missing;
    return finding;
  }
};

class LocationTable {
 public:
  /// True if the location is new; then it is the last item.
  bool add(Target target) {
    const auto found = numbers_.find(target.location.text);
    if (found == numbers_.end()) {
      items_.push_back({std::move(target.location), std::move(target.object), 1, {}, Finding::alive});
      numbers_.emplace(items_.back().location.text, items_.size() - 1);
      return true;
    }
    ProbedLocation& item = items_[found->second];
    ++item.names;
    if (item.object != target.object) item.object.clear();
    return false;
  }

  [[nodiscard]] std::size_t size() const { return items_.size(); }
  [[nodiscard]] ProbedLocation& operator[](std::size_t item) { return items_[item]; }

  /// nullptr: not one of this round.
  [[nodiscard]] const ProbedLocation* find(std::string_view location) const {
    const auto found = numbers_.find(location);
    return found == numbers_.end() ? nullptr : &items_[found->second];
  }

  void clear() {
    numbers_.clear();
    items_.clear();
  }

 private:
  std::deque<ProbedLocation> items_;  // the keys point into it
  absl::flat_hash_map<std::string_view, std::size_t, TextHash, std::equal_to<>> numbers_;
};

}  // namespace hearth
