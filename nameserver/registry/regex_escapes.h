/// Escapes and `[…]` of Python regular expressions (Lib/re/_parser.py: _escape, _class_escape, a part of
/// _parse).
///
/// Layer: registry (value and below).        Thread rule: none, pure but for the Source that moves on.
/// Errors: reported to the Source, in Python's words.
/// Not as in Python: `\N{…}` (needs the table of all Unicode names) and lone surrogates (no name holds
/// one) are refused.
#pragma once

#include <cstddef>

#include "nameserver/registry/regex_groups.h"
#include "nameserver/registry/regex_source.h"
#include "nameserver/registry/regex_tree.h"

namespace hearth::regex {

/// `escape` has just been taken from the source.
[[nodiscard]] Node parse_escape(Source& source, const Token& escape, const Groups& groups);

/// The `[` has just been taken from the source.
[[nodiscard]] Node parse_set(Source& source);

}  // namespace hearth::regex
