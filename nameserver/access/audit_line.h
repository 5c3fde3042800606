/// The lines of the audit log: one for each change that somebody has made, and each refusal. JSON, so that programs read it.
///
/// Layer: access (no clock, no file).        Thread rule: none, pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hearth {

struct AuditEntry {
  std::string_view event;                                  ///< register, overwrite, metadata, remove or refusal
  std::string_view peer;                                   ///< Peer::address, or what else has done it
  std::string_view identity;                               ///< known_as(); empty: nothing but its address
  std::optional<std::string_view> name = std::nullopt;     ///< none: a refusal about all names
  std::optional<std::string_view> uri = std::nullopt;      ///< after the change
  std::optional<std::string_view> old_uri = std::nullopt;  ///< before it
  std::string_view call = {};                              ///< of a refusal: the method
  std::string_view missing = {};                           ///< of a refusal: the right
};

/// One line with its end. `unix_ms` is when, in milliseconds since 1970.
[[nodiscard]] std::string audit_line(std::int64_t unix_ms, const AuditEntry& entry);

}  // namespace hearth
