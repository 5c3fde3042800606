/// TextHash: where a text stands in a hash table, for texts that peers choose.
///
/// Layer: model.        Thread rule: none, a pure function within one process.
/// Other in every process (Abseil mixes in an address that the system chooses), so that no client can pick names that all meet
/// in one place. That needs Abseil's own string_view: one of std goes through std::hash, whose collisions anybody can make.
#pragma once

#include <absl/hash/hash.h>
#include <absl/strings/string_view.h>

#include <cstddef>
#include <string_view>

namespace hearth {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return absl::Hash<absl::string_view>()(absl::string_view(text.data(), text.size()));
  }
};

}  // namespace hearth
