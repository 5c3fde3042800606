/// What a server is greeted with, and why one that was greeted is not connected.
///
/// Layer: client-lib, private (no sockets).        Thread rule: none, pure functions.
#pragma once

#include <hearth/client_settings.h>
#include <hearth/result.h>
#include <hearth/uri.h>
#include <hearth/value.h>

#include <optional>
#include <string>

#include "client-lib/src/connect_failure.h"
#include "protocol/wire/hmac.h"

namespace hearth {

/// What a server's handshake check gets to see. The token is for name servers: other daemons must not learn it.
[[nodiscard]] Value handshake_for(const Uri& uri, const ClientSettings& settings);

/// It has said no, for this reason. `place` is where it is, for the text.
[[nodiscard]] ConnectFailure refused_greeting(const std::string& place, const std::string& reason, bool has_key);

/// There is no answer that could be believed. `heard` are the first bytes that came, if any did.
[[nodiscard]] ConnectFailure failed_greeting(const Error& error, std::string heard,
                                             std::optional<HmacVerdict> signature_fault, bool has_key);

}  // namespace hearth
