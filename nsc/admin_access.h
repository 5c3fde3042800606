/// with_admin(): for commands that only hearthd knows: they ask its object Hearth.Admin.
///
/// Layer: nsc.        Thread rule: one thread.
#pragma once

#include <hearth/admin.h>
#include <hearth/name_server.h>

#include "nsc/request.h"
#include "protocol/value/repr_parts.h"

namespace hearth::nsc {

/// Calls `ask` with the administrator's access to the name server, if that is a hearthd.
template <class AskAdmin>
[[nodiscard]] Report with_admin(const Request& request, const NameServerClient& name_server, AskAdmin ask) {
  auto admin = AdminClient::connect(name_server.uri(), request.settings);
  if (!admin) return failure(admin.error());
  if (*admin) return ask(**admin);
  return failure(ExitStatus::failed, printable(name_server.uri().text()) +
                                         " is not a hearthd, but another name server: it cannot tell or do this");
}

}  // namespace hearth::nsc
