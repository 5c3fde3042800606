/// Registrations as lines of JSON, which `nsc export` writes and `nsc import` reads: {"name": …, "uri": …, "metadata": […]}
///
/// Layer: nsc.        Thread rule: none, pure functions.
/// What is written is UTF-8, ends with "\n", and has its tags sorted: equal registrations are equal lines.
#pragma once

#include <string>
#include <string_view>

#include <hearth/name_server.h>
#include <hearth/result.h>

namespace hearth::nsc {

/// Unsupported: text with lone surrogates, which no database and no UTF-8 can hold.
[[nodiscard]] Result<std::string> registration_line(const NameEntry& entry);

/// The reverse; the line's end may be missing. `metadata` may be missing or null; each member may be there once, and no other may.
/// Malformed, limit: what is wrong, for people.
[[nodiscard]] Result<NameEntry> parse_registration_line(std::string_view line);

}  // namespace hearth::nsc
