/// regex::Groups: what the parser knows about the groups of a pattern so far (Lib/re/_parser.py, State).
///
/// Layer: registry (value and below).        Thread rule: none, plain object.
/// Errors: reported to the Source, in Python's words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "nameserver/registry/regex_source.h"
#include "nameserver/registry/regex_tree.h"

namespace hearth::regex {

/// How many code points something can match, between 0 and repeat_unbounded.
struct Width {
  std::uint64_t min = 0;
  std::uint64_t max = 0;
};

class Groups {
 public:
  /// The number of the new group. `name` may be nullptr.
  std::uint32_t open(Source& source, const Name* name);
  void close(std::uint32_t group, const std::vector<Sequence>& branches);

  /// The number of a group whose name must exist; 0 after an error.
  [[nodiscard]] std::uint32_t number_of(Source& source, const Name& name) const;
  /// The number in `(?(1)…)`, which may be that of a group further on; 0 after an error.
  [[nodiscard]] std::uint32_t number_of_condition(Source& source, const Name& name);

  /// A back reference is allowed to closed groups; `position` is where the reference starts.
  void check_reference(Source& source, std::uint32_t group, std::size_t position) const;
  /// Neither may anything in a lookbehind refer to a group that began inside it.
  void check_lookbehind(Source& source, std::uint32_t group) const;
  /// All that number_of_condition() let through must exist in the end.
  void check_conditions(Source& source) const;

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(widths_.size()); }

  /// True if this is the outermost one: then it must be left again.
  bool enter_lookbehind();
  void leave_lookbehind() { first_in_lookbehind_.reset(); }

  [[nodiscard]] Width width_of(const std::vector<Sequence>& branches) const;

 private:
  [[nodiscard]] Width width_of(const Sequence& sequence) const;
  [[nodiscard]] Width width_of(const Node& node) const;
  [[nodiscard]] bool is_closed(std::uint32_t group) const;

  struct Condition {
    std::uint32_t group;
    std::size_t position;
  };

  std::vector<std::optional<Width>> widths_;  ///< of group 1, 2, …; nullopt while it is open
  std::map<std::string, std::uint32_t> numbers_;
  std::vector<Condition> conditions_;
  std::optional<std::uint32_t> first_in_lookbehind_;
};

/// Refuses what str.isidentifier() refuses in ASCII. Beyond ASCII everything passes: no match depends on
/// names.
void check_group_name(Source& source, const Name& name);

}  // namespace hearth::regex
