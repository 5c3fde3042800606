/// What OpenSSL calls an error, in words for people. Private to protocol/tls.
///
/// Layer: tls.        Thread rule: none, pure functions.
#pragma once

#include <string>

#include "protocol/tls/openssl.h"
#include "protocol/tls/tls_context.h"
#include "protocol/tls/tls_failure.h"

namespace hearth {

/// What there is to know about a connection when it fails.
struct FailedConnection {
  const TlsContext& context;
  std::string peer_fault;  ///< what describe_certificate() said about the peer's certificate; empty: nothing
};

/// `code` is of OpenSSL's error queue; 0: it has none.
[[nodiscard]] TlsFailure describe_failure(unsigned long code, const FailedConnection& connection);

/// Why the peer's certificate, or one that leads to its CA, is not accepted. `code` is X509_V_ERR_….
[[nodiscard]] std::string describe_certificate(int code, const X509* certificate, bool we_serve,
                                               const std::string& host);

}  // namespace hearth
