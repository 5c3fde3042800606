#include "protocol/rpc/connect_refusal.h"

#include <utility>

#include "protocol/base/check.h"
#include "protocol/rpc/dialect_map.h"
#include "protocol/serial/serializer.h"
#include "protocol/wire/detect_dialect.h"
#include "protocol/wire/message.h"

namespace hearth {

Bytes connect_refusal(BytesView first_bytes, std::string reason, BytesView hmac_key) {
  const auto dialect = detect_dialect(first_bytes);
  if (!dialect || !first_bytes.starts_with("PYRO")) return {};
  constexpr SerializerName known_to_all = SerializerName::marshal;  // what Pyro answers while none has been agreed on
  Message refusal;
  refusal.dialect = *dialect;
  refusal.type = MessageType::connect_fail;
  refusal.serializer_id = wire_id(*dialect, known_to_all);
  const auto dumped = serializer(known_to_all).dump(Value(std::move(reason)), refusal.payload);
  HEARTH_CHECK(dumped.has_value());  // our own words
  Bytes bytes;
  append_message(bytes, std::move(refusal), hmac_key);
  return bytes;
}

}  // namespace hearth
