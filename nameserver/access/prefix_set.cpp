#include "nameserver/access/prefix_set.h"

#include <iterator>

namespace hearth {

void PrefixSet::add(std::string_view prefix) {
  if (covers(prefix)) return;
  auto narrower = prefixes_.lower_bound(prefix);
  while (narrower != prefixes_.end() && narrower->starts_with(prefix)) narrower = prefixes_.erase(narrower);
  prefixes_.emplace_hint(narrower, prefix);
}

/// Whatever lies between a prefix and a name that begins with it begins with it too, and no such text is in the set: only the
/// last one up to the name can be it.
bool PrefixSet::covers(std::string_view name) const {
  const auto behind = prefixes_.upper_bound(name);
  return behind != prefixes_.begin() && name.starts_with(*std::prev(behind));
}

}  // namespace hearth
