/// Which addresses mean the machine that we run on, and what a URI's host is worth to us.
///
/// Layer: client-lib, private.        Thread rule: any thread. Asks the kernel and the resolver anew each time.
#pragma once

#include <netdb.h>
#include <sys/socket.h>

#include <string>

#include <hearth/uri.h>

namespace hearth {

enum class HostMeaning : unsigned char {
  unknown,      ///< it has no address
  unspecified,  ///< empty, 0.0.0.0, ::
  loopback,
  this_machine,  ///< an address of one of our interfaces
  elsewhere,
};

/// A host name or address, as the resolver sees it. Of several addresses the one decides that leads farthest.
[[nodiscard]] HostMeaning meaning_of_host(const std::string& host);

/// Whether whoever connects to the URI ends up on this machine: a Unix socket, the loopback, an address of ours.
[[nodiscard]] bool is_on_this_machine(const Uri& uri);

/// The same of an address.
[[nodiscard]] bool is_on_this_machine(const sockaddr* address);

/// "192.0.2.7:9091", "[2001:db8::7]:9091"
[[nodiscard]] std::string address_text(const sockaddr* address, socklen_t address_bytes);

}  // namespace hearth
