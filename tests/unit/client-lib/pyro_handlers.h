/// Handlers for a LoopbackServer that speak Pyro: a whole name server, one that refuses, and the pieces of
/// a bad one.
#pragma once

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

  /// Serves one connection, which must be in this dialect.
  [[nodiscard]] LoopbackServer::Handler handler(Dialect dialect) {
    return [this, dialect](LoopbackPeer& peer) {
      const ConnectionId connection = server_.connect();
      bool is_first = true;
      for (std::string bytes = peer.receive(); !bytes.empty(); bytes = peer.receive()) {
        HEARTH_CHECK(!is_first || detect_dialect(bytes) == dialect);
        is_first = false;
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
