#include "nameserver/upkeep/speech.h"

#include <algorithm>

#include "protocol/tls/tls_record.h"

namespace hearth {
namespace {

constexpr BytesView pyro_tag = "PYRO";

}  // namespace

Speech speech_of(BytesView bytes) {
  if (bytes.empty()) return Speech::unclear;
  if (is_tls_record(bytes)) return Speech::tls;
  if (may_be_tls_record(bytes)) return Speech::unclear;
  const std::size_t known = std::min(bytes.size(), pyro_tag.size());
  if (bytes.substr(0, known) != pyro_tag.substr(0, known)) return Speech::other;
  return known == pyro_tag.size() ? Speech::pyro : Speech::unclear;
}

}  // namespace hearth
