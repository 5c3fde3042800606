/// Writes `[…]` and `\d \s \w` of Python for PCRE2.
///
/// Layer: registry (value and below).        Thread rule: none, pure functions.
/// PCRE2 must run with UTF and UCP. Its \d and \w then are Python's (checked over all of Unicode with
/// PCRE2 10.42; from 10.43 on its \w also takes combining marks and other connectors than "_"). Its \s is
/// not: it lacks U+001C…U+001F and has U+180E.
#pragma once

#include <string>

#include "nameserver/registry/regex_tree.h"

namespace hearth::regex {

/// Appends one code point so that it stands for itself, inside a set and outside.
void append_literal(std::string& out, char32_t c);

/// One PCRE2 atom that matches exactly one code point. Honours flag_ascii; flag_ignore_case only together
/// with it: then both cases are spelled out, because PCRE2's caseless mode would let `k` match U+212A.
void append_set(std::string& out, const Set& set, Flags flags);

}  // namespace hearth::regex
