#include "nameserver/options/nearest.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace hearth {
namespace {

/// Levenshtein's: letters put in, taken out and exchanged.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() +
                               1);  // the distances from the part of `a` that has been seen to each part of `b`
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t exchanged = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({exchanged, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> names) {
  constexpr std::size_t word_bytes_max = 100;  // the work grows with its square, and no name is so long
  if (word.size() > word_bytes_max) return {};
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string_view name : names) {
    const std::size_t changes = distance(word, name);
    if (changes >= best_distance || changes >= name.size()) continue;
    best = name;
    best_distance = changes;
  }
  return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> names) {
  const std::string_view meant = nearest(word, names);
  return meant.empty() ? "" : "; did you mean " + std::string(meant) + "?";
}

}  // namespace hearth
