/// Asking the network for a name server: the client's half of discovery.
///
/// Layer: client-lib, private.        Thread rule: any thread; blocking.
#pragma once

#include <optional>

#include <hearth/client_error.h>
#include <hearth/client_settings.h>

#include "protocol/value/uri.h"

namespace hearth {

/// The URI that the first name server answered to the broadcast on `port`; asks and waits as the settings
/// say. What is no PYRO URI is not taken for an answer. Errors: timeout (nobody answered), unreachable
/// (the question could not be sent).
[[nodiscard]] ClientResult<Uri> ask_by_broadcast(std::uint16_t port, const ClientSettings& settings);

}  // namespace hearth
