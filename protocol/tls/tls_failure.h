/// TlsFailure: why a TLS connection does not come about, or has broken.
///
/// Layer: tls (base only).        Thread rule: plain values.
#pragma once

#include <string>

namespace hearth {

/// By what has to be done about it.
enum class TlsFault : unsigned char {
  not_tls,            ///< the peer speaks something else
  peer_certificate,   ///< we do not accept the peer's certificate, or it has shown none
  own_certificate,    ///< the peer does not accept ours, or wants one that we do not have
  nothing_in_common,  ///< no version of TLS, or no cipher, that both know
  broken,             ///< it broke the rules of TLS, or its bytes were changed on the way
  cut,                ///< the connection ended without TLS's own goodbye: somebody on the way may have ended it
};

struct TlsFailure {
  TlsFault fault;
  /// What is said about the peer, for people: which certificate, what is wrong, what to do. Follows the peer's address and a
  /// colon; without a trailing full stop.
  std::string text;
};

}  // namespace hearth
