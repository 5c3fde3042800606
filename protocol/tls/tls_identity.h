/// TlsIdentity: who a peer is by the certificate that it has proved to be its own and that a CA of ours vouches for.
///
/// Layer: tls.        Thread rule: plain values.
#pragma once

#include <string>

namespace hearth {

struct TlsIdentity {
  /// As RFC 2253 writes it and `openssl x509 -subject -nameopt RFC2253` prints it: "CN=alice,O=Lab". ASCII only.
  std::string subject;
  std::string common_name;  ///< UTF-8; empty if the subject has none, or several
};

}  // namespace hearth
