/// Registrations that look right and lead nowhere: the most frequent reason why a lookup works and the call after it
/// does not.
///
/// Layer: registry (rpc).        Thread rule: pure function.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/rpc/call.h"

namespace hearth {

/// What an operator should read when `peer` registers `name` with `uri`, if other machines cannot call that URI: its
/// host is empty or 0.0.0.0 or ::, or a loopback address although the peer is on another machine. Says who, what and
/// what to do. nullopt: nothing speaks against it. What cannot be told from the text (a private address, a name that
/// does not resolve) is not looked at.
[[nodiscard]] std::optional<std::string> useless_uri_warning(std::string_view name, std::string_view uri,
                                                             const Peer& peer);

}  // namespace hearth
