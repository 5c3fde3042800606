/// Listener: a bound socket that accepts Streams; and the three ways to come by one: bind TCP, bind a Unix socket, adopt one
/// that somebody else has bound.
///
/// Layer: loop (base only).        Thread rule: loop thread. At the start: resolving a name blocks.
/// Ownership: a Listener owns its socket; its owner destroys it outside of its callback.
/// Errors (ErrorKind::system) are for the operator: they name the place, what is wrong with it and what to do.
/// What is bound here listens with the longest queue the kernel allows. Nothing accepts before start(). What cannot be had as a
/// whole is not had in part: after an error nothing listens.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <hearth/result.h>

#include "protocol/loop/loop.h"
#include "protocol/loop/stream.h"

namespace hearth {

class Listener {
 public:
  virtual ~Listener() = default;

  /// Begins to accept. `accepted` gets every new connection; it may pause or close the listener, but not destroy it. While the
  /// listener is paused, connections wait in the kernel.
  virtual Result<void> start(std::function<void(std::unique_ptr<Stream>)> accepted) = 0;
  virtual void pause_accepting() = 0;
  virtual void resume_accepting() = 0;
  virtual void close() = 0;

  /// The address bound to, in numbers and without brackets; port 0 became the real one. Of a Unix socket: its path, and 0.
  [[nodiscard]] virtual std::string bound_host() const = 0;
  [[nodiscard]] virtual std::uint16_t bound_port() const = 0;
  /// Whether IPv4 clients can connect: bound to an IPv4 address, or to `::` for both families.
  [[nodiscard]] virtual bool serves_ipv4() const = 0;
};

struct TcpListeners {
  std::vector<std::unique_ptr<Listener>> listeners;  ///< one an address, in the order of the hosts; never empty
  std::uint16_t port = 0;                            ///< that they all share
  std::vector<std::string> host_addresses;  ///< for each host, in numbers, the first address that it stands for here
};

/// Listens on every address of this machine that the hosts (names or addresses; at least one) stand for, IPv4 before IPv6
/// (Pyro's PREFER_IP_VERSION=4). Port 0: they share whichever free one the kernel gives the first.
/// - `localhost` is 127.0.0.1 and ::1, without asking a resolver (RFC 6761, 6.3).
/// - Addresses that this machine lacks are skipped; a host that has no other is an error.
/// - Two hosts that stand for one address, or one for what another's wildcard serves, share a listener.
/// - `::` serves IPv4 clients too, whatever net.ipv6.bindv6only says; beside 0.0.0.0 each keeps to its own family.
/// - A port that is taken on any of them is an error that names the owner: a second server on the other loopback would get
///   half of the clients.
[[nodiscard]] Result<TcpListeners> listen_tcp(Loop& loop, const std::vector<std::string>& hosts, std::uint16_t port);

/// A stale socket file of a dead server is replaced, one of a live server is an error; close() removes the file, if it is
/// still ours. `mode`: its permission bits (0 to 0777); at no moment is the file open to more than that. nullopt: as the
/// process's umask says.
[[nodiscard]] Result<std::unique_ptr<Listener>> listen_unix(Loop& loop, const std::string& path,
                                                            std::optional<std::uint32_t> mode = std::nullopt);

/// Takes over a listening TCP or Unix stream socket that was handed to this process (sd_listen_fds(3)): close() closes it and
/// leaves a Unix socket's file to whoever made it. The descriptor is ours even after an error, unless it is none at all.
[[nodiscard]] Result<std::unique_ptr<Listener>> adopt_listener(Loop& loop, int descriptor);

}  // namespace hearth
