/// MessageObserver: is shown every message of the sessions that it is set for; what `--debug=wire` prints. It changes nothing.
///
/// Layer: rpc.        Thread rule: that of the sessions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <hearth/serializer_name.h>

#include "protocol/rpc/call.h"
#include "protocol/wire/message.h"

namespace hearth {

struct ObservedMessage {
  enum class Direction : unsigned char { in, out };

  Direction direction;
  Dialect dialect;
  MessageType type;
  MessageFlags flags;
  std::uint16_t sequence;
  std::uint16_t serializer_id;               ///< as on the wire
  std::optional<SerializerName> serializer;  ///< nullopt: an id that means none of ours
  std::size_t payload_bytes;                 ///< as on the wire, which may be compressed
  /// Of a call that came in and could be decoded, else empty. The peer's own words, whatever they are.
  std::string_view object = {};
  std::string_view method = {};
};

/// The message as it is on the wire; object and method are left to who has decoded it.
[[nodiscard]] ObservedMessage observed(ObservedMessage::Direction direction, const Message& message);

class MessageObserver {
 public:
  virtual ~MessageObserver() = default;
  /// The views are valid during the call only. Must not touch the session.
  virtual void on_message(const Peer& peer, const ObservedMessage& message) = 0;
};

}  // namespace hearth
