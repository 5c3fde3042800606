#include "protocol/rpc/message_observer.h"

#include "protocol/rpc/dialect_map.h"

namespace hearth {

ObservedMessage observed(ObservedMessage::Direction direction, const Message& message) {
  return {direction,
          message.dialect,
          message.type,
          message.flags,
          message.sequence,
          message.serializer_id,
          serializer_of(message.dialect, message.serializer_id),
          message.payload.size()};
}

}  // namespace hearth
