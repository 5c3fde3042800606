/// The inspection of a name server to which there is a connection already.
///
/// Layer: client-lib, private.        Thread rule: any thread; blocking.
#pragma once

#include <hearth/inspection.h>
#include <hearth/proxy.h>

namespace hearth {

/// `proxy` is connected to an object that calls itself Pyro.NameServer.
[[nodiscard]] ClientResult<Inspection> inspect_connected(Proxy proxy, const ClientSettings& settings);

}  // namespace hearth
