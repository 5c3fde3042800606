/// Registrations as lines of JSON, which `nsc export` writes and `nsc import` reads: {"name": …, "uri": …, "metadata": […]}
///
/// Layer: nsc.        Thread rule: none, pure functions.
/// Each line ends with "\n" and is UTF-8; tags are sorted. Equal registrations are equal lines.
#pragma once

#include <string>
#include <string_view>

#include <hearth/name_server.h>

#include "protocol/base/result.h"

namespace hearth::nsc {

/// Unsupported: text with lone surrogates, which no database file and no JSON can hold.
[[nodiscard]] Result<std::string> registration_line(const NameEntry& entry);

/// The reverse, without the line's end. What every name server would take: malformed says what it would not. `metadata` may be
/// missing or null; other members than these three may not be there.
[[nodiscard]] Result<NameEntry> parse_registration_line(std::string_view line);

}  // namespace hearth::nsc
