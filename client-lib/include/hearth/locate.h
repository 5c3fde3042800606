/// locate(): finds a name server, as Pyro's locate_ns does (PYRO.md section 5), and tells what was tried
/// when there is none.
///
/// Layer: client-lib, public.        Thread rule: any thread; blocking.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <hearth/client_settings.h>
#include <hearth/name_server.h>

namespace hearth {

/// Where to look. Without a host: on this machine at `port`, by broadcast to that same port, at the host
/// of the settings.
struct NameServerPlace {
  std::optional<std::string> host = std::nullopt;  ///< a name, an address, or `./u:PATH` for a Unix socket
  std::optional<std::uint16_t> port = std::nullopt;
};

struct LocateFailure {
  std::vector<ClientError> steps;  ///< what each step came to, in their order

  /// All steps in one sentence.
  [[nodiscard]] std::string text() const;
  /// Whether any server was met that refused us: then starting another one is not what helps.
  [[nodiscard]] bool somebody_answered() const;
};

[[nodiscard]] tl::expected<NameServerClient, LocateFailure> locate(const NameServerPlace& place,
                                                                   const ClientSettings& settings);

}  // namespace hearth
