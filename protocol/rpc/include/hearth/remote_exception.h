/// RemoteException: a Python exception as it crosses the wire.
///
/// Layer: rpc, public.        Thread rule: plain values.
#pragma once

#include <string>
#include <vector>

#include <hearth/api.h>
#include <hearth/value.h>

namespace HEARTH_API hearth {

/// `type` is Pyro's own class without its module ("NamingError": the module differs by dialect), or a qualified name
/// ("builtins.TypeError").
struct RemoteException {
  std::string type;
  std::vector<Value> args;
  std::vector<std::string> traceback;  ///< lines; filled on what comes from a peer, empty on ours

  /// str(exception): the only argument as text, else the tuple's repr.
  [[nodiscard]] std::string text() const;
};

}  // namespace hearth
