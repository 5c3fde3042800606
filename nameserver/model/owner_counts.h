/// OwnerCounts: how many registrations each owner has.
///
/// Layer: model.        Thread rule: one thread at a time.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "nameserver/model/text_hash.h"

namespace hearth {

class OwnerCounts {
 public:
  /// Nobody ("") is not counted.
  void add(std::string_view owner) {
    if (owner.empty()) return;
    const auto known = counts_.find(owner);
    if (known == counts_.end()) {
      counts_.emplace(owner, 1);
    } else {
      ++known->second;
    }
  }
  /// No more than there are: a storage that others can write to may say anything.
  void subtract(std::string_view owner, std::uint64_t count = 1) {
    const auto known = counts_.find(owner);
    if (known == counts_.end()) return;
    known->second -= std::min(known->second, count);
    if (known->second == 0) counts_.erase(known);
  }

  [[nodiscard]] std::uint64_t of(std::string_view owner) const {
    const auto known = counts_.find(owner);
    return known == counts_.end() ? 0 : known->second;
  }
  [[nodiscard]] bool is_empty() const { return counts_.empty(); }

 private:
  absl::flat_hash_map<std::string, std::uint64_t, TextHash, std::equal_to<>> counts_;
};

}  // namespace hearth
