/// TextMap, TextSet: hash tables keyed by text that are asked with a std::string_view.
///
/// Layer: upkeep.        Thread rule: plain objects.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <functional>
#include <string>

#include "nameserver/model/text_hash.h"

namespace hearth {

template <class Mapped>
using TextMap = absl::flat_hash_map<std::string, Mapped, TextHash, std::equal_to<>>;

using TextSet = absl::flat_hash_set<std::string, TextHash, std::equal_to<>>;

}  // namespace hearth
