/// Unique abbreviations of long options, as Python's optparse accepts them (`--sto memory`), which CLI11 does not.
///
/// Layer: base, for both programs.        Thread rule: none, a pure function.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hearth/result.h>

namespace hearth {

/// Long options by their names, with the dashes.
struct LongOptions {
  std::span<const std::string_view>
      references;  ///< those of the Python program: what abbreviates one of them keeps to mean it
  std::span<const std::string_view> ours;  ///< those that we have added
};

/// The words of a command line with the names of long options completed: "--sto=memory" becomes "--storage=memory". What
/// is no prefix of a known name stays as it is, and so does everything behind a "--".
/// Ambiguous: an error that lists the candidates, in optparse's words.
[[nodiscard]] Result<std::vector<std::string>> expand_option_prefixes(std::vector<std::string> words,
                                                                      const LongOptions& long_options);

}  // namespace hearth
