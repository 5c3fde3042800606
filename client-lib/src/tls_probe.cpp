#include "client-lib/src/tls_probe.h"

#include <array>

#include "client-lib/src/blocking_stream.h"
#include "client-lib/src/handshake_failure.h"

namespace hearth {
namespace {

/// A ClientHello (RFC 5246 section 7.4.1.2) without extensions: TLS 1.2, six common cipher suites. Any answer will do, the alert
/// of a server that wants 1.3 too.
BytesView client_hello() {
  // clang-format off: what belongs together stands in one line
  static constexpr std::array<unsigned char, 62> record{
      22,   3,    1,    0,    57,  // handshake record, 57 bytes
      1,    0,    0,    53,        // ClientHello, 53 bytes
      3,    3,                     // TLS 1.2
      'H',  'e',  'a',  'r',  't',  'h',  ' ',  'l',  'o',  'o',  'k',  's',  ' ', 'f', 'o', 'r',  // 32 bytes, which
      ' ',  'a',  ' ',  'n',  'a',  'm',  'e',  ' ',  's',  'e',  'r',  'v',  'e', 'r', '.', '.',  // need not be random
      0,                                                                                           // no session
      0,    12,                                                                        // cipher suites, 12 bytes
      0xC0, 0x2F, 0xC0, 0x30, 0xC0, 0x2B, 0xC0, 0x2C, 0x00, 0x9C, 0x00, 0x9D, 1,   0,  // compression: none
      0,    0,                                                                         // extensions: none
  };
  // clang-format on
  return {reinterpret_cast<const char*>(record.data()), record.size()};
}

}  // namespace

bool answers_tls(const Uri& uri, const ClientSettings& settings) {
  const auto deadline = Deadline::after_ms(settings.connect_timeout_ms, settings.interrupt.get());
  auto stream = BlockingStream::connect(uri, settings.preferred_ip_version, deadline);
  if (!stream || !stream->write(client_hello(), deadline)) return false;
  std::array<char, 64> answer{};
  const auto count = stream->read(answer, deadline);
  return count && is_tls_record({answer.data(), *count});
}

}  // namespace hearth
