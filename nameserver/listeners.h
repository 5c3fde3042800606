/// What hearthd listens on: sockets of its own, or those that the service manager has opened for it.
///
/// Layer: nameserver.        Thread rule: loop thread, at the start (resolving a name blocks).
/// Source: PYRO.md section 6; Pyro4/naming.py NameServerDaemon, Pyro4/core.py Daemon.
#pragma once

#include <memory>
#include <vector>

#include <hearth/result.h>

#include "nameserver/locations.h"
#include "nameserver/options/options.h"
#include "protocol/loop/listener.h"
#include "protocol/loop/tls_acceptor.h"

namespace hearth {

/// Descriptors that the service manager has opened for us (socket activation).
struct InheritedSockets {
  std::vector<int> streams;    ///< TCP and Unix sockets that listen
  std::vector<int> datagrams;  ///< for the broadcast responder
};

struct OpenListeners {
  std::vector<std::unique_ptr<Listener>> listeners;  ///< TCP first; none of them accepts yet
  Locations locations;
};

/// `tls` makes listeners with TLS, and must be there if the options use it.
/// Takes over the inherited streams and binds what the options ask for, except that a kind (TCP, Unix) of which a socket was
/// inherited is not bound: the URI then has the port or path of the first one, and the host of the options if it was set
/// there, else the address of that socket. Which of several inherited TCP sockets belongs to ssl-port or plain-port is told by its
/// port.
/// Errors are one sentence for the operator; nothing listens then.
[[nodiscard]] Result<OpenListeners> open_listeners(Loop& loop, const Options& options,
                                                   const InheritedSockets& inherited = {}, TlsAcceptor* tls = nullptr);

}  // namespace hearth
