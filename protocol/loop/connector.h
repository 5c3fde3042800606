/// connect_tcp, connect_unix: make an outgoing connection without blocking.
///
/// Layer: loop (base only).        Thread rule: loop thread.
/// Ownership: the caller keeps the PendingConnection until it is told; destroying it earlier gives up, and nothing is told any
/// more. It may be destroyed from inside its own callback.
/// Errors: ErrorKind::timeout: no answer in time, which a server with a full queue looks like too;
/// ErrorKind::disconnected: nobody is there (refused, no route, no such host, no such path);
/// ErrorKind::system: this machine could not even ask (no descriptors, no permission, a resolver that does not answer), which
/// says nothing about the peer. Texts name the place.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <hearth/result.h>

#include "protocol/loop/loop.h"
#include "protocol/loop/resolver.h"
#include "protocol/loop/stream.h"

namespace hearth {

class PendingConnection {
 public:
  virtual ~PendingConnection() = default;
};

/// Told exactly once, never from inside connect_*().
using ConnectionResult = std::function<void(Result<std::unique_ptr<Stream>>)>;

/// `host` is a name or an address in numbers, without brackets. Its addresses are tried in turn, in that order; each gets its
/// share of what is left of `timeout_ms`, which counts from the call and includes the resolver's time. Of several failures
/// the one is told that says least against the peer: timeout before disconnected before system.
[[nodiscard]] std::unique_ptr<PendingConnection> connect_tcp(Loop& loop, const std::string& host, std::uint16_t port,
                                                             AddressOrder order, std::uint64_t timeout_ms,
                                                             ConnectionResult told);

/// While the server's queue is full it is tried again and again.
[[nodiscard]] std::unique_ptr<PendingConnection> connect_unix(Loop& loop, const std::string& path,
                                                              std::uint64_t timeout_ms, ConnectionResult told);

}  // namespace hearth
