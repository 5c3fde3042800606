/// Why a server that was greeted is not connected.
///
/// Layer: client-lib, private (no sockets).        Thread rule: none, pure functions.
#pragma once

#include <hearth/result.h>

#include <optional>
#include <string>

#include "client-lib/src/connect_failure.h"
#include "protocol/wire/hmac.h"

namespace hearth {

/// It has said no, for this reason. `place` is where it is, for the text.
[[nodiscard]] ConnectFailure refused_greeting(const std::string& place, const std::string& reason, bool has_key);

/// There is no answer that could be believed. `heard` are the first bytes that came, if any did.
[[nodiscard]] ConnectFailure failed_greeting(const Error& error, std::string heard,
                                             std::optional<HmacVerdict> signature_fault, bool has_key);

}  // namespace hearth
