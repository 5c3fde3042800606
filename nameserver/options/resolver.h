/// The resolver: puts what the sources say one over the other, and remembers where each value came from.
///
/// Layer: nameserver/options.        Thread rule: none, pure functions.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "nameserver/options/assignment.h"

namespace hearth {

/// What was given, from the weakest to the strongest.
struct Sources {
  Source file;
  Source environment;
  Source command_line;
};

struct Resolved {
  Options options;
  std::map<std::string_view, std::string, std::less<>> origins;  ///< by subject_of(); what is missing is a default
};

/// Every value of every source is read, so that a mistake does not wait to be uncovered. Errors show what was written where,
/// except for secrets, and what it must be; or which settings cannot go together.
[[nodiscard]] Result<Resolved> resolve(const Sources& sources);

/// "default", or where the effective value comes from.
[[nodiscard]] std::string origin_of(const Resolved& resolved, const Setting& setting);

}  // namespace hearth
