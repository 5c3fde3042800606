/// AdminServer: hearthd's object Hearth.Admin for a LoopbackServer, with a status that the test makes up.
#pragma once

#include <string>

#include "nameserver/registry/admin_object.h"
#include "protocol/base/check.h"
#include "protocol/rpc/server_session.h"
#include "tests/support/shared_places.h"
#include "tests/unit/client-lib/loopback_server.h"

namespace hearth::test {

class AdminServer final : private Administration, private ReplySink {
 public:
  explicit AdminServer(ServerStatus status) : status_(std::move(status)) {
    objects_.add(std::string(admin_object_id), admin_, ObjectTable::Visibility::unlisted);
  }

  /// Serves one connection.
  [[nodiscard]] LoopbackServer::Handler handler() {
    return [this](LoopbackPeer& peer) {
      ServerSession session(settings_, objects_, *this, places_.replies, Peer{});
      for (std::string bytes = peer.receive(); !bytes.empty(); bytes = peer.receive()) {
        session.receive(bytes);
        while (session.has_more_to_do()) session.resume();
        peer.send(session.take_output());
        if (session.wants_close()) break;
      }
    };
  }

 private:
  [[nodiscard]] ServerStatus status() const override { return status_; }
  std::uint64_t confirm_autoclean() override { return status_.autoclean ? status_.autoclean->suspects : 0; }
  void reply(ConnectionId, std::uint64_t, CallResult) override { HEARTH_CHECK(false); }

  const ServerStatus status_;
  const SessionSettings settings_;
  SharedPlaces places_{settings_.limits};
  AdminObject admin_{*this};
  ObjectTable objects_;
};

}  // namespace hearth::test
