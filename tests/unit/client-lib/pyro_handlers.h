/// Handlers for a LoopbackServer that speak Pyro: a whole name server, one that refuses, and the pieces of
/// a bad one.
#pragma once

#include <limits>
#include <memory>
#include <string>

#include "protocol/base/check.h"
#include "protocol/rpc/dialect_map.h"
#include "protocol/serial/serializer.h"
#include "protocol/wire/detect_dialect.h"
#include "protocol/wire/framer.h"
#include "protocol/wire/message.h"
#include "tests/support/scripted_name_server.h"
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

/// Whatever is said to it: a refusal in this dialect.
inline LoopbackServer::Handler refusing_in(Dialect dialect, std::string reason) {
  return [dialect, reason = std::move(reason)](LoopbackPeer& peer) {
    static_cast<void>(peer.receive());
    peer.send(reply_bytes(dialect, MessageType::connect_fail, reason, 0));
  };
}

inline void shake_hands(LoopbackPeer& peer, Dialect dialect) {
  static_cast<void>(peer.receive());
  Dict answer;
  answer.add("handshake", "hello");
  answer.add("meta", Dict{});
  peer.send(reply_bytes(dialect, MessageType::connect_ok, answer, 0));
}

/// A name server for one connection after the other; they share its registrations.
class NameServers {
 public:
  explicit NameServers(const SessionSettings& settings = {})
      : server_("PYRO:Pyro.NameServer@localhost:9090", settings) {}

  /// Serves one connection, which must be in this dialect, up to so many messages of less than 64 KiB.
  [[nodiscard]] LoopbackServer::Handler handler(Dialect dialect, int messages_max = std::numeric_limits<int>::max()) {
    return [this, dialect, messages_max](LoopbackPeer& peer) {
      const ConnectionId connection = server_.connect();
      for (int messages = 0; messages < messages_max; ++messages) {
        const std::string bytes = peer.receive();
        if (bytes.empty()) break;
        HEARTH_CHECK(messages > 0 || detect_dialect(bytes) == dialect);
        peer.send(server_.exchange(connection, bytes));
        if (server_.session(connection).wants_close()) break;
      }
      server_.disconnect(connection);
    };
  }

 private:
  ScriptedNameServer server_;
};

}  // namespace hearth::test
