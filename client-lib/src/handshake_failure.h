/// What a failed handshake tells about the program at the other end.
///
/// Layer: client-lib, private.        Thread rule: none, pure functions.
/// Here texts decide, because they are all that Pyro's refusals carry (PYRO.md section 2).
#pragma once

#include <hearth/result.h>
#include <hearth/step_outcome.h>

#include <optional>
#include <string_view>

#include "protocol/base/bytes.h"
#include "protocol/tls/tls_failure.h"
#include "protocol/wire/hmac.h"

namespace hearth {

/// So many of the other side's first bytes are kept, to show a person: a banner, the first line of an HTTP answer.
inline constexpr std::size_t heard_bytes_max = 120;

/// The server's CONNECTFAIL gave this reason.
[[nodiscard]] StepOutcome refusal_outcome(std::string_view reason, bool has_key);

/// The two do not come together over TLS.
[[nodiscard]] StepOutcome tls_outcome(TlsFault fault);

/// There was no CONNECTOK and no CONNECTFAIL that could be believed. `heard` are the first bytes that came, if any did.
[[nodiscard]] StepOutcome handshake_outcome(ErrorKind kind, BytesView heard, std::optional<HmacVerdict> signature_fault,
                                            bool has_key);

}  // namespace hearth
