#include "nameserver/upkeep/speech.h"

#include <algorithm>

namespace hearth {
namespace {

constexpr BytesView pyro_tag = "PYRO";
constexpr unsigned char tls_alert = 0x15;
constexpr unsigned char tls_handshake = 0x16;
constexpr unsigned char tls_major_version = 0x03;

Speech tls_speech(BytesView bytes) {
  if (bytes.size() < 2) return Speech::unclear;
  return static_cast<unsigned char>(bytes[1]) == tls_major_version ? Speech::tls : Speech::other;
}

}  // namespace

Speech speech_of(BytesView bytes) {
  if (bytes.empty()) return Speech::unclear;
  const auto first = static_cast<unsigned char>(bytes[0]);
  if (first == tls_alert || first == tls_handshake) return tls_speech(bytes);
  const std::size_t known = std::min(bytes.size(), pyro_tag.size());
  if (bytes.substr(0, known) != pyro_tag.substr(0, known)) return Speech::other;
  return known == pyro_tag.size() ? Speech::pyro : Speech::unclear;
}

BytesView tls_client_hello() {
  // Record: handshake, TLS 1.0, 55 bytes. Handshake: ClientHello of 51 bytes, TLS 1.2, 32 random bytes, no session, six
  // cipher suites, no compression.
  static constexpr char hello[] =
      "\x16\x03\x01\x00\x37"
      "\x01\x00\x00\x33\x03\x03"
      "Hearth asks whether you are ther"
      "\x00"
      "\x00\x0c\xc0\x2f\xc0\x30\xc0\x2b\xc0\x2c\x00\x9c\x00\x2f"
      "\x01\x00";
  static_assert(sizeof hello - 1 == 5 + 0x37);
  return {hello, sizeof hello - 1};
}

}  // namespace hearth
