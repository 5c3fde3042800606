/// inspect(): what one name server tells about itself, of whichever make it is.
///
/// Layer: client-lib, public.        Thread rule: any thread; blocking.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <hearth/admin.h>
#include <hearth/api.h>
#include <hearth/client_settings.h>

namespace HEARTH_API hearth {

struct Inspection {
  Uri reached_at;
  bool is_on_this_machine = false;  ///< an address of ours, the loopback or a Unix socket
  Dialect dialect = Dialect::pyro5;
  std::uint64_t registrations = 0;       ///< its own included
  std::string own_uri;                   ///< what it has registered as Pyro.NameServer; empty: nothing
  std::optional<HearthdStatus> hearthd;  ///< nullopt: another make
};

/// Connects and asks. Errors: as Proxy's.
[[nodiscard]] HEARTH_API ClientResult<Inspection> inspect(const Uri& name_server, const ClientSettings& settings);

/// Whether the two are one server, reached in two ways. Of two hearthd that is certain; others are one if they have registered
/// the same URI for themselves and were reached at the same place, or both on this machine.
[[nodiscard]] HEARTH_API bool is_same_server(const Inspection& a, const Inspection& b);

}  // namespace hearth
