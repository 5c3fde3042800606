// A pattern is refused with a reason, or matches within its budget; what it matches begins with its literal prefix.
#include "nameserver/registry/pattern.h"

#include "protocol/base/check.h"
#include "tests/fuzz/target.h"

namespace hearth::fuzz {

/// The pattern, and behind a NUL a name to match.
void check(BytesView input) {
  Limits limits;
  limits.pattern_match_steps_max = 2000;
  limits.pattern_list_steps_max = 5000;
  const std::size_t end = std::min(input.find('\0'), input.size());
  auto pattern = Pattern::compile(input.substr(0, end), limits);
  if (!pattern) {
    HEARTH_CHECK(!pattern.error().text.empty());
    return;
  }
  const BytesView own_name = input.substr(std::min(end + 1, input.size()));
  for (const BytesView name :
       {own_name, BytesView("Pyro.NameServer"), BytesView("aaaaaaaaaaaaaaaaaaaaaaaa"), BytesView()}) {
    const auto is_match = pattern->matches(name);
    if (!is_match) return;
    HEARTH_CHECK(!*is_match || name.starts_with(pattern->literal_prefix()));
  }
}

}  // namespace hearth::fuzz
