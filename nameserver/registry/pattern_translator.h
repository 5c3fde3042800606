/// translate_pattern(): a Python 3.11 regular expression -> one that PCRE2 understands the same way.
///
/// Layer: registry (value and below).        Thread rule: none, pure function.
/// Errors: malformed in Python's words ("nothing to repeat at position 0"); limit where Python allows more
/// than we or PCRE2. Parsing is regex_parser.h; this is the half that writes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <hearth/result.h>

#include "protocol/base/limits.h"

namespace hearth {

struct TranslatedPattern {
  /// To be compiled with UTF, UCP, ANCHORED, DOTALL, MULTILINE, ALT_CIRCUMFLEX and newline LF: it spells out
  /// whatever Python's flags turn off, because groups may change them.
  std::string pcre_pattern;
  /// What every match begins with; "" if nothing is known.
  std::string literal_prefix;
  /// Code points, ranges and categories in its largest set: what PCRE2 may have to look through for one
  /// character.
  std::size_t set_items_max = 0;
};

/// What differs from Python:
/// - `\N{…}`, lone surrogates and more than 65535 repetitions are refused;
/// - so is (by PCRE2) a lookbehind around a group that is optional or repeated but takes no text,
///   `(?<=a(?=b)?)`;
/// - ignoring case, only Python takes U+0130 and U+0131 for an i;
/// - after `(?a)` a back reference that ignores case ignores it beyond ASCII too;
/// - `t` has no effect, `(?(+1)…)` and other numbers that int() takes are refused, names may hold any
///   non-ASCII;
/// - possessive groups, `(?:…)*+`, do what they should: CPython 3.11.2 does not step back behind a failed
///   round.
[[nodiscard]] Result<TranslatedPattern> translate_pattern(std::string_view python_pattern, const Limits& limits);

}  // namespace hearth
