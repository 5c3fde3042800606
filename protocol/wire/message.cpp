#include "protocol/wire/message.h"

#include <algorithm>

#include "protocol/base/check.h"
#include "protocol/wire/annotations.h"
#include "protocol/wire/header.h"
#include "protocol/wire/hmac.h"

namespace hearth {

const Annotation* Message::find_annotation(std::string_view id) const {
  const auto found =
      std::find_if(annotations.rbegin(), annotations.rend(), [id](const Annotation& a) { return a.id == id; });
  return found == annotations.rend() ? nullptr : &*found;
}

void append_message(Bytes& out, Message message, BytesView hmac_key) {
  if (message.dialect == Dialect::pyro4) {
    if (message.correlation) {
      const CorrelationId& id = *message.correlation;
      message.annotations.push_back({std::string(correlation_annotation), Bytes(id.begin(), id.end())});
    }
    if (!hmac_key.empty())
      message.annotations.push_back({std::string(hmac_annotation), message_hmac(message, hmac_key)});
  }
  std::size_t annotations_bytes = 0;
  for (const Annotation& annotation : message.annotations) {
    annotations_bytes += annotation_bytes(message.dialect, annotation);
  }
  HEARTH_CHECK(annotations_bytes <= (message.dialect == Dialect::pyro4 ? 0xFFFFU : 0xFFFFFFFFU));
  HEARTH_CHECK(message.payload.size() <= (message.dialect == Dialect::pyro4 ? 0x7FFFFFFFU : 0xFFFFFFFFU));

  Header header;
  header.dialect = message.dialect;
  header.type = message.type;
  header.serializer_id = message.serializer_id;
  header.flags = message.flags;
  header.sequence = message.sequence;
  header.payload_bytes = static_cast<std::uint32_t>(message.payload.size());
  header.annotations_bytes = static_cast<std::uint32_t>(annotations_bytes);
  if (message.dialect == Dialect::pyro5) header.correlation = message.correlation;

  out.reserve(out.size() + header_bytes(message.dialect) + annotations_bytes + message.payload.size());
  append_header(out, header);
  for (const Annotation& annotation : message.annotations) append_annotation(out, message.dialect, annotation);
  out.append(message.payload);
}

}  // namespace hearth
