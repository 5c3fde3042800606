/// ConnectFailure: why a connection to a Pyro object could not be had: what callers of the library get to see, and what only
/// the diagnosis wants to know.
///
/// Layer: client-lib, private.        Thread rule: plain values.
#pragma once

#include <hearth/client_error.h>
#include <hearth/proxy.h>
#include <hearth/step_outcome.h>

#include <string>
#include <tl/expected.hpp>

namespace hearth {

struct ConnectFailure {
  ClientError error;
  StepOutcome outcome;
  std::string said = {};  ///< the server's reason, its first bytes as they came, or the kernel's words; may be anything
};

/// Connects to a `PYRO:` URI, with the whole story of a failure.
[[nodiscard]] tl::expected<Proxy, ConnectFailure> connect_proxy(const Uri& uri, const ClientSettings& settings);

/// Connects to what has been found at `place`; the proxy goes by the name of `uri`, which it resolves when it must connect
/// again.
[[nodiscard]] ClientResult<Proxy> connect_found(const Uri& uri, const Uri& place, const ClientSettings& settings);

}  // namespace hearth
