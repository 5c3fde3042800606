/// Inline flags of Python regular expressions: `(?aimsux)`, `(?i-s:…)` (Lib/re/_parser.py: _parse_flags).
///
/// Layer: registry (value and below).        Thread rule: none, pure but for the Source that moves on.
/// Errors: reported to the Source, in Python's words.
#pragma once

#include "nameserver/registry/regex_source.h"
#include "nameserver/registry/regex_tree.h"

namespace hearth::regex {

struct InlineFlags {
  Flags added = 0;
  Flags removed = 0;
  bool is_global = false;  ///< ended with `)`: for the whole pattern
};

[[nodiscard]] bool starts_flags(const Token& token);

/// `first` is the token behind `(?`, already taken.
[[nodiscard]] InlineFlags parse_flags(Source& source, const Token& first);

}  // namespace hearth::regex
