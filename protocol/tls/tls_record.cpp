#include "protocol/tls/tls_record.h"

namespace hearth {

bool is_tls_record(BytesView first_bytes) { return first_bytes.size() >= 2 && may_be_tls_record(first_bytes); }

bool may_be_tls_record(BytesView first_bytes) {
  constexpr char alert = 21;
  constexpr char handshake = 22;
  constexpr char major_version = 3;
  if (first_bytes.empty()) return true;
  if (first_bytes[0] != alert && first_bytes[0] != handshake) return false;
  return first_bytes.size() == 1 || first_bytes[1] == major_version;
}

BytesView tls_probe_hello() {
  // Record: handshake, TLS 1.0, 57 bytes. Handshake: ClientHello of 53 bytes, TLS 1.2, 32 bytes that need not be random, no
  // session, six cipher suites, no compression, no extensions.
  static constexpr char hello[] =
      "\x16\x03\x01\x00\x39"
      "\x01\x00\x00\x35\x03\x03"
      "Hearth looks for a name server.."
      "\x00"
      "\x00\x0c\xc0\x2f\xc0\x30\xc0\x2b\xc0\x2c\x00\x9c\x00\x9d"
      "\x01\x00"
      "\x00\x00";
  static_assert(sizeof hello - 1 == 5 + 0x39);
  return {hello, sizeof hello - 1};
}

}  // namespace hearth
