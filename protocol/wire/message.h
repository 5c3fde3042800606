/// Message: one Pyro message of either dialect, in our own terms; and its way into bytes. The way out is the Framer.
///
/// Layer: wire (base only).        Thread rule: plain values.
/// The raw flag bits and the place of the correlation id differ between the dialects (PYRO.md section 1); here they are one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <hearth/annotation.h>
#include <hearth/dialect.h>

#include "protocol/base/bytes.h"

namespace hearth {

/// A peer may send other numbers: compare, do not switch without a default.
enum class MessageType : std::uint16_t {
  connect = 1,
  connect_ok = 2,
  connect_fail = 3,
  invoke = 4,
  result = 5,
  ping = 6
};

struct MessageFlags {
  bool exception = false;
  bool compressed = false;  ///< the payload is a zlib stream
  bool oneway = false;
  bool batch = false;
  bool meta_on_connect = false;  ///< Pyro4 only; Pyro5 always sends metadata
  bool item_stream = false;
  bool keep_serialized = false;
};

using CorrelationId = std::array<std::uint8_t, 16>;

/// What a header says, before its annotations and payload have arrived.
struct Header {
  Dialect dialect = Dialect::pyro5;
  MessageType type = MessageType::connect;
  std::uint16_t serializer_id = 0;  ///< means nothing without the dialect
  MessageFlags flags;
  std::uint16_t sequence = 0;
  std::uint32_t payload_bytes = 0;
  std::uint32_t annotations_bytes = 0;
  std::optional<CorrelationId> correlation;  ///< from the header (Pyro5)
};

struct Message {
  Dialect dialect = Dialect::pyro5;
  MessageType type = MessageType::connect;
  std::uint16_t serializer_id = 0;
  MessageFlags flags;
  std::uint16_t sequence = 0;
  std::optional<CorrelationId> correlation;  ///< header field of Pyro5, annotation CORR of Pyro4
  std::vector<Annotation> annotations;       ///< in a received Pyro4 message CORR and HMAC are among them
  Bytes payload;

  [[nodiscard]] const Annotation* find_annotation(std::string_view id) const;
};

inline constexpr std::string_view correlation_annotation = "CORR";
inline constexpr std::string_view hmac_annotation = "HMAC";
inline constexpr std::string_view item_stream_annotation = "STRM";  ///< the id of an item stream
inline constexpr std::string_view keep_serialized_annotation =
    "BLBI";  ///< where a payload that stays serialized is for

/// Appends the whole message. `hmac_key` not empty: signs it (Pyro4 only). The caller keeps payload and annotations within
/// what the dialect's length fields hold.
void append_message(Bytes& out, Message message, BytesView hmac_key);

class MessageSigner;

/// What stands before the payload, for a message whose payload is sent separately: `message.payload` is empty, `payload_bytes` is
/// its length. A `signer` that has seen the payload signs (Pyro4 only); nullptr: no signature.
void append_message_head(Bytes& out, Message message, std::size_t payload_bytes, MessageSigner* signer);

}  // namespace hearth
