#include "protocol/wire/message.h"

#include <algorithm>
#include <optional>
#include <utility>

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
  const Bytes payload = std::exchange(message.payload, {});
  std::optional<MessageSigner> signer;
  if (message.dialect == Dialect::pyro4 && !hmac_key.empty()) signer.emplace(hmac_key).add_payload(payload);
  out.reserve(out.size() + header_bytes(message.dialect) + payload.size());
  append_message_head(out, std::move(message), payload.size(), signer ? &*signer : nullptr);
  out.append(payload);
}

void append_message_head(Bytes& out, Message message, std::size_t payload_bytes, MessageSigner* signer) {
  if (message.dialect == Dialect::pyro4) {
    if (message.correlation) {
      const CorrelationId& id = *message.correlation;
      message.annotations.push_back({std::string(correlation_annotation), Bytes(id.begin(), id.end())});
    }
    if (signer != nullptr)
      message.annotations.push_back({std::string(hmac_annotation), signer->sign(message.annotations)});
  }
  std::size_t annotations_bytes = 0;
  for (const Annotation& annotation : message.annotations) {
    annotations_bytes += annotation_bytes(message.dialect, annotation);
  }
  HEARTH_CHECK(annotations_bytes <= (message.dialect == Dialect::pyro4 ? 0xFFFFU : 0xFFFFFFFFU));
  HEARTH_CHECK(payload_bytes <= (message.dialect == Dialect::pyro4 ? 0x7FFFFFFFU : 0xFFFFFFFFU));

  Header header;
  header.dialect = message.dialect;
  header.type = message.type;
  header.serializer_id = message.serializer_id;
  header.flags = message.flags;
  header.sequence = message.sequence;
  header.payload_bytes = static_cast<std::uint32_t>(payload_bytes);
  header.annotations_bytes = static_cast<std::uint32_t>(annotations_bytes);
  if (message.dialect == Dialect::pyro5) header.correlation = message.correlation;

  append_header(out, header);
  for (const Annotation& annotation : message.annotations) append_annotation(out, message.dialect, annotation);
}

}  // namespace hearth
