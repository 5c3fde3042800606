/// Running a Search to its end, in pieces of any size.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "nameserver/registry/search.h"

namespace hearth::test {

inline std::vector<const CompactRegistration*> matches_of(Search& search, std::size_t piece = 1000) {
  std::vector<const CompactRegistration*> matches;
  while (!search.is_over()) {
    std::size_t items_left = piece;
    const auto match = search.next(items_left);
    REQUIRE(match.has_value());
    if (*match != nullptr) matches.push_back(*match);
  }
  return matches;
}

/// In their order.
inline std::vector<std::string> names_of(const SearchPtr& search, std::size_t piece = 1000) {
  std::vector<std::string> names;
  for (const CompactRegistration* match : matches_of(*search, piece)) names.emplace_back(match->name());
  return names;
}

}  // namespace hearth::test
