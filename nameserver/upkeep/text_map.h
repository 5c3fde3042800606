/// TextMap, TextSet: hash tables keyed by text that are asked with a std::string_view (Debian's Abseil has a string_view of
/// its own, which its defaults expect).
///
/// Layer: upkeep.        Thread rule: plain objects.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>
#include <absl/hash/hash.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace hearth {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return absl::Hash<std::string_view>()(text); }
};

template <class Mapped>
using TextMap = absl::flat_hash_map<std::string, Mapped, TextHash, std::equal_to<>>;

using TextSet = absl::flat_hash_set<std::string, TextHash, std::equal_to<>>;

}  // namespace hearth
