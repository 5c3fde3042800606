/// Announcement: what askers are told, which is the URI of the name server under the address that they can reach.
///
/// Layer: discovery (wire, loop).        Thread rule: loop thread.
/// Source: Pyro4/naming.py BroadcastServer.processRequest. Where the name server serves every address, the URI gets the
/// one from which the kernel would send to the asker. Not the one at which the question arrived (IP_PKTINFO): of a
/// broadcast that is the interface's first address, which is wrong for an asker in the second network of that
/// interface, and the answer itself, like the TCP connection after it, leaves from the address that routing chooses.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <hearth/result.h>

#include "protocol/base/bytes.h"

namespace hearth {

/// One TCP address that the name server serves.
struct ServedAddress {
  std::string location;  ///< as URIs have it: "host:port", "[v6]:port"
  std::string address;   ///< what it is bound to, in numbers; "0.0.0.0": every IPv4 address
  std::uint16_t port = 0;

  [[nodiscard]] bool is_every_address() const { return address == "0.0.0.0"; }
  [[nodiscard]] bool is_ipv6() const { return address.find(':') != std::string::npos; }
  [[nodiscard]] bool is_loopback() const;
};

class Announcement {
 public:
  /// `object` is the URI without its location, "PYRO:Pyro.NameServer". Of `served`, which has an IPv4 address at least,
  /// the one that faces an asker is told; where none does the first, loopback last. Errors (ErrorKind::system): a URI
  /// that clients cannot read whole.
  [[nodiscard]] static Result<Announcement> of(std::string object, std::vector<ServedAddress> served);

  /// The answer for an IPv4 asker. Errors: there is no way back to the asker, or none to the name server.
  [[nodiscard]] Result<Bytes> answer_for(const std::string& asker) const;

  /// Whether an answer with this URI, sent from that address, is one of ours. `own_addresses` are those of this
  /// machine.
  [[nodiscard]] bool is_ours(const std::string& uri, const std::string& sender,
                             const std::vector<std::string>& own_addresses) const;

 private:
  Announcement(std::string object, std::vector<ServedAddress> served);
  [[nodiscard]] std::string uri_at(const std::string& location) const { return object_ + "@" + location; }
  [[nodiscard]] const ServedAddress& facing(const std::string& own_address) const;

  std::string object_;
  std::vector<ServedAddress> served_;
};

}  // namespace hearth
