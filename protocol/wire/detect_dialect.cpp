#include "protocol/wire/detect_dialect.h"

namespace hearth {

std::optional<Dialect> detect_dialect(BytesView first_bytes) {
  ByteReader reader(first_bytes);
  static_cast<void>(reader.take(4));
  const auto version = reader.u16_be();
  if (version == pyro4_protocol_version) return Dialect::pyro4;
  if (version == pyro5_protocol_version) return Dialect::pyro5;
  return std::nullopt;
}

}  // namespace hearth
