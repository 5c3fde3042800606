/// DiscoveryResponder: answers the broadcasts of clients that look for a name server (PYRO.md section 5).
///
/// Layer: discovery (wire, loop).        Thread rule: loop thread.
/// Exactly the question gets an answer, to the address and port that it came from. Everything else costs one read: a
/// datagram that is not the question, one from port 0 or an IPv6 address, one from a source that has had its share: a sender
/// can be forged, and a flood of forged questions must not become our flood of answers to whoever has that address.
#pragma once

#include <string>

#include <hearth/result.h>

#include "nameserver/discovery/announcement.h"
#include "protocol/base/limits.h"
#include "protocol/base/source_budget.h"
#include "protocol/base/throttle.h"
#include "protocol/loop/loop.h"
#include "protocol/loop/udp_socket.h"

namespace hearth {

class DiscoveryResponder {
 public:
  /// `announcement` must outlive it.
  DiscoveryResponder(Loop& loop, UdpSocket socket, const Announcement& announcement, const Limits& limits);
  DiscoveryResponder(const DiscoveryResponder&) = delete;
  DiscoveryResponder& operator=(const DiscoveryResponder&) = delete;

  /// Answers from now on; questions that came before it have waited in the socket.
  void start();
  void close() { socket_.close(); }

 private:
  void on_datagram(const Datagram& datagram);
  [[nodiscard]] Result<void> answer(const Datagram& question);

  Loop& loop_;
  UdpSocket socket_;
  const Announcement& announcement_;
  SourceBudget budget_;
  LogThrottle held_back_;
  LogThrottle failed_;
};

}  // namespace hearth
