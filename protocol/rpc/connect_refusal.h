/// connect_refusal(): the answer to a client that is not let in, whatever it asks for.
///
/// Layer: rpc (no socket, clock, thread or log).        Thread rule: none, a pure function.
#pragma once

#include <string>
#include <string_view>

#include "protocol/base/bytes.h"

namespace hearth {

/// What a name server says to whoever speaks Pyro without TLS at a port that has it; our own clients know it again.
inline constexpr std::string_view wants_tls_reason =
    "this port speaks TLS: set PYRO_SSL, and PYRO_SSL_CACERTS to the certificate of the server's CA";

/// A CONNECTFAIL with this reason, in the dialect of `first_bytes`, the beginning of what the client has said; signed if there is
/// a key. Empty if that is no Pyro client, or it cannot be told yet.
[[nodiscard]] Bytes connect_refusal(BytesView first_bytes, std::string reason, BytesView hmac_key);

}  // namespace hearth
