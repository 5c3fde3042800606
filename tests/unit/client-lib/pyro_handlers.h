/// Handlers for a LoopbackServer that speak Pyro: a whole name server, one that refuses, and the pieces of
/// a bad one.
#pragma once

#include <limits>
#include <memory>
#include <string>

#include "protocol/base/check.h"
#include "protocol/wire/detect_dialect.h"
#include "tests/support/scripted_name_server.h"
#include "tests/unit/client-lib/loopback_server.h"
#include "tests/unit/client-lib/pyro_replies.h"

namespace hearth::test {

/// Whatever is said to it: a refusal in this dialect.
inline LoopbackServer::Handler refusing_in(Dialect dialect, std::string reason) {
  return [dialect, reason = std::move(reason)](LoopbackPeer& peer) {
    static_cast<void>(peer.receive());
    peer.send(reply_bytes(dialect, MessageType::connect_fail, reason, 0));
  };
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
