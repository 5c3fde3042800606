/// PrefixSet: names, told by how they begin.
///
/// Layer: access.        Thread rule: plain value.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace hearth {

class PrefixSet {
 public:
  /// "" is the beginning of every name.
  void add(std::string_view prefix);

  [[nodiscard]] bool is_empty() const { return prefixes_.empty(); }
  /// Costs one search in a tree, however many prefixes there are.
  [[nodiscard]] bool covers(std::string_view name) const;
  [[nodiscard]] bool covers_everything() const { return covers(""); }

 private:
  std::set<std::string, std::less<>> prefixes_;  ///< none of them is the beginning of another
};

}  // namespace hearth
