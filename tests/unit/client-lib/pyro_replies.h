/// What a Pyro server says, for handlers of a LoopbackServer.
#pragma once

#include <cstdint>
#include <utility>

#include "protocol/base/check.h"
#include "protocol/rpc/dialect_map.h"
#include "protocol/serial/serializer.h"
#include "protocol/wire/framer.h"
#include "protocol/wire/message.h"
#include "tests/unit/client-lib/loopback_server.h"

namespace hearth::test {

inline Bytes reply_bytes(Dialect dialect, MessageType type, const Value& value, std::uint16_t sequence) {
  Message message;
  message.dialect = dialect;
  message.type = type;
  message.serializer_id = wire_id(dialect, SerializerName::serpent);
  message.sequence = sequence;
  message.flags.meta_on_connect = type == MessageType::connect_ok;
  HEARTH_CHECK(serializer(SerializerName::serpent).dump(value, message.payload).has_value());
  Bytes bytes;
  append_message(bytes, std::move(message), "");
  return bytes;
}

inline Bytes result_bytes(Dialect dialect, const Value& value, std::uint16_t sequence) {
  return reply_bytes(dialect, MessageType::result, value, sequence);
}

inline void shake_hands(LoopbackPeer& peer, Dialect dialect) {
  static_cast<void>(peer.receive());
  Dict answer;
  answer.add("handshake", "hello");
  answer.add("meta", Dict{});
  peer.send(reply_bytes(dialect, MessageType::connect_ok, answer, 0));
}

}  // namespace hearth::test
