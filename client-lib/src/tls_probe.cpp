#include "client-lib/src/tls_probe.h"

#include <array>

#include "client-lib/src/blocking_stream.h"
#include "protocol/tls/tls_record.h"

namespace hearth {

bool answers_tls(const Uri& uri, const ClientSettings& settings) {
  const auto deadline = Deadline::after_ms(settings.connect_timeout_ms, settings.interrupt.get());
  auto stream = BlockingStream::connect(uri, settings.preferred_ip_version, deadline);
  if (!stream || !stream->write(tls_probe_hello(), deadline)) return false;
  std::array<char, 64> answer{};
  const auto count = stream->read(answer, deadline);
  return count && is_tls_record({answer.data(), *count});
}

}  // namespace hearth
