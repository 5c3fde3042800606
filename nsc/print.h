/// What nsc prints: for people and the scripts that read them as Pyro's own nsc does (PYRO.md section 6),
/// or as JSON.
///
/// Layer: nsc.        Thread rule: none, pure functions.
/// Differs from Pyro4's: tags are printed as a sorted set, whatever the dialect of the name server.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <hearth/name_server.h>
#include <hearth/result.h>
#include <hearth/value.h>

namespace hearth::nsc {

/// `title` is "" or what stands behind START LIST and END LIST: "- prefix 'x'".
[[nodiscard]] std::string listing_text(const NameListing& listing, std::string_view title);

/// The URI, and the tags if there are any.
[[nodiscard]] std::string entry_text(const NameEntry& entry);

/// {"name": {"uri": …, "metadata": […]}, …}
[[nodiscard]] Value listing_value(const NameListing& listing);

/// {"name": …, "uri": …, "metadata": […]}
[[nodiscard]] Value entry_value(const NameEntry& entry);

/// "512 bytes", "12.3 MiB"
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

/// One line of JSON. Unsupported: text that JSON cannot hold (lone surrogates).
[[nodiscard]] Result<std::string> json_line(const Value& value);

}  // namespace hearth::nsc
