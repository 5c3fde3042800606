/// IcmpWatch: hears what routers and firewalls say about a connection that is being made.
///
/// Layer: client-lib, private.        Thread rule: one thread at a time.
/// ECONNREFUSED may come from the machine itself, whose TCP says "reset", or from a firewall that sends ICMP "port unreachable":
/// connect() does not tell which, the socket's error queue does (ip(7) IP_RECVERR; for TCP since Linux 5.9, commit 45af29ca761c).
/// An older kernel leaves the queue empty, and the firewall passes for the machine.
#pragma once

#include "client-lib/src/socket.h"

namespace hearth {

class IcmpWatch {
 public:
  /// Starts before connect(). `socket` must outlive it. Of other families than IPv4 and IPv6 there is nothing to hear.
  IcmpWatch(const Socket& socket, int family);
  /// Ends with the attempt: on a connection that stands, any ICMP error would otherwise end it (ip(7)).
  ~IcmpWatch();
  IcmpWatch(const IcmpWatch&) = delete;
  IcmpWatch& operator=(const IcmpWatch&) = delete;

  /// After connect() has failed: whether it was a message that only a firewall sends for a TCP connection.
  [[nodiscard]] bool heard_firewall() const;

 private:
  void listen(int on) const;

  const Socket& socket_;
  const int family_;
};

}  // namespace hearth
