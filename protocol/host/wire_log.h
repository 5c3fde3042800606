/// WireLog: writes a line for every message, in and out: what `--debug=wire` shows.
///
/// Layer: host.        Thread rule: loop thread.
/// Never payloads, which may hold secrets: who, what, how large. Example:
///     c#17 in pyro5 invoke Pyro.NameServer.lookup seq 3 serpent 98 bytes
///     c#17 out pyro5 result seq 3 serpent 41 bytes
#pragma once

#include <string>

#include "protocol/rpc/message_observer.h"

namespace hearth {

class WireLog final : public MessageObserver {
 public:
  void on_message(const Peer& peer, const ObservedMessage& message) override;
};

/// The text of the line.
[[nodiscard]] std::string wire_line(const Peer& peer, const ObservedMessage& message);

}  // namespace hearth
