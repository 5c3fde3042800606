/// Pattern: a Python regular expression that names are matched against, with bounded work.
///
/// Layer: registry (value and below; PCRE2 stays in pattern.cpp).        Thread rule: loop thread.
/// Ownership: move-only; owns PCRE2's compiled code and its memory for backtracking, which matches() reuses.
/// Limits: a Pattern is made for one search. Its steps are counted over all names and do not come back.
/// PCRE2's interpreter, not its JIT: the JIT needs writable code pages, takes longer to compile than a
/// search in a narrow range takes, and counts steps too rarely for a budget.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <hearth/result.h>

#include "protocol/base/limits.h"

struct pcre2_real_code_8;
struct pcre2_real_match_data_8;
struct pcre2_real_match_context_8;

namespace hearth {

class Pattern {
 public:
  /// As re.compile(). ErrorKind::malformed with Python's text ("nothing to repeat at position 0"; the
  /// caller puts "invalid regex: " in front), in rare cases PCRE2's. ErrorKind::limit: longer, deeper or
  /// bigger than we or PCRE2 allow, though Python might.
  [[nodiscard]] static Result<Pattern> compile(std::string_view python_pattern, const Limits& limits);

  /// `re.match(pattern, name) is not None`. A name that is not UTF-8 matches nothing.
  /// ErrorKind::limit: this name needs more than pattern_match_steps_max, or the search more than
  /// pattern_list_steps_max; either way the search has no answer.
  [[nodiscard]] Result<bool> matches(std::string_view name);

  /// What every matching name starts with, for looking only there in an ordered index; "" if nothing is
  /// known.
  [[nodiscard]] std::string_view literal_prefix() const { return literal_prefix_; }

  /// Of pattern_list_steps_max, for whoever divides a search into turns.
  [[nodiscard]] std::uint64_t steps_left() const { return steps_left_; }

 private:
  struct Release {
    void operator()(pcre2_real_code_8* code) const;
    void operator()(pcre2_real_match_data_8* data) const;
    void operator()(pcre2_real_match_context_8* context) const;
  };

  Pattern() = default;
  /// False, and nothing is left, if that is more than what is left.
  bool pay(std::uint64_t steps);

  std::unique_ptr<pcre2_real_code_8, Release> code_;
  std::unique_ptr<pcre2_real_match_data_8, Release> data_;
  std::unique_ptr<pcre2_real_match_context_8, Release> context_;
  std::string literal_prefix_;
  std::uint64_t step_weight_ = 1;
  std::uint64_t name_steps_max_ = 0;
  std::uint64_t steps_left_ = 0;
};

}  // namespace hearth
