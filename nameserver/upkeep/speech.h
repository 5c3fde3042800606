/// Speech: what kind of program says these first bytes; and how to make one that speaks TLS say something.
///
/// Layer: upkeep.        Thread rule: plain functions.
#pragma once

#include "protocol/base/bytes.h"

namespace hearth {

enum class Speech : unsigned char {
  unclear,  ///< too few bytes to tell
  pyro,
  tls,
  other,
};

/// Of everything that has come on a connection so far.
[[nodiscard]] Speech speech_of(BytesView bytes);

/// The beginning of a handshake (RFC 5246, 7.4.1.2), the same each time: any TLS server answers it, if only with an alert.
[[nodiscard]] BytesView tls_client_hello();

}  // namespace hearth
