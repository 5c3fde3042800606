/// The HMAC of Pyro4 messages (PYRO.md section 1; Pyro4/message.py Message.hmac).
///
/// Layer: wire.        Thread rule: none, pure functions.
#pragma once

#include "protocol/base/bytes.h"
#include "protocol/wire/message.h"

namespace hearth {

/// HMAC-SHA1 over the payload as sent, then the values of the annotations other than HMAC in the order of their ids.
[[nodiscard]] Bytes message_hmac(const Message& message, BytesView key);

enum class HmacVerdict : unsigned char { good, mismatch, not_symmetric };

/// Whether the message is signed as a holder of `key` must sign it (empty key: must not be signed). Compares in constant time.
[[nodiscard]] HmacVerdict verify_hmac(const Message& message, BytesView key);

}  // namespace hearth
