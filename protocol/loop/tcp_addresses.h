/// Which addresses of this machine a host name stands for. Private to protocol/loop.
///
/// Layer: loop.        Thread rule: plain functions; resolving blocks.
/// The addresses have port 0.
#pragma once

#include <sys/socket.h>

#include <string>
#include <vector>

#include <hearth/result.h>

namespace hearth {

/// At least one; IPv4 before IPv6, otherwise in the resolver's order, without duplicates; those of other machines left out.
/// `localhost` is both loopbacks, without asking a resolver (RFC 6761, 6.3): some name only one of them.
/// Errors (ErrorKind::system): unknown host, no address of this machine.
[[nodiscard]] Result<std::vector<sockaddr_storage>> local_addresses(const std::string& host);

/// Whether a socket on `other` serves those who connect to `address` too: it is the same, or a wildcard. `::` serves IPv4 as
/// well, but 0.0.0.0 is never left to it.
[[nodiscard]] bool is_served_by(const sockaddr_storage& address, const sockaddr_storage& other);

}  // namespace hearth
