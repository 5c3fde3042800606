/// locate(): finds a name server, as Pyro's locate_ns does (PYRO.md section 5), and tells what was tried
/// when there is none. locate_all(): all that can be found.
///
/// Layer: client-lib, public.        Thread rule: any thread; blocking.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <hearth/api.h>
#include <hearth/client_settings.h>
#include <hearth/name_server.h>

namespace HEARTH_API hearth {

/// Where to look. Without a host: on this machine at `port`, by broadcast to that same port, at the host
/// of the settings.
struct NameServerPlace {
  /// A name, an address, or `./u:PATH` for a Unix socket, with a port or without; or several of these, `host1:9090,host2:9090`,
  /// to be tried in their order
  std::optional<std::string> host = std::nullopt;
  std::optional<std::uint16_t> port = std::nullopt;
};

struct LocateFailure {
  std::vector<ClientError> steps;  ///< what each step came to, in their order

  /// All steps in one sentence.
  [[nodiscard]] std::string text() const;
  /// Whether any server was met that refused us: then starting another one is not what helps.
  [[nodiscard]] bool somebody_answered() const;
  /// All steps as one error: `unreachable`, unless one of them met more than that nobody was there.
  [[nodiscard]] ClientError as_error() const;
};

/// Without arguments: as a Pyro program finds it that has set nothing. settings_from_environment() gives the settings of one
/// that goes by the PYRO_* variables.
[[nodiscard]] HEARTH_API tl::expected<NameServerClient, LocateFailure> locate(const NameServerPlace& place = {},
                                                                              const ClientSettings& settings = {});

/// The name server; throws ClientException, which names all steps, if there is none.
[[nodiscard]] inline NameServerClient or_throw(tl::expected<NameServerClient, LocateFailure> located) {
  if (!located) throw_error(located.error().as_error());
  return std::move(*located);
}

/// A name server that answered, by one of the ways in which locate() searches.
struct FoundNameServer {
  enum class Way : unsigned char { direct, broadcast };
  Way way = Way::direct;
  std::string address;  ///< who answered: "192.0.2.7:9091" by broadcast, else the host and port that were asked
  Uri uri;              ///< where it says it is; not checked, so perhaps of no use to us
  std::uint64_t round_trip_us =
      0;  ///< microseconds from a question to its answer: one datagram each, or a call of ping()
};

/// Goes through the steps of locate() to their end: what takes our connection where locate() would connect, and each
/// name server that answers the broadcast once (at most 64). One that is found directly and by
/// broadcast is in the list twice; `inspect()` tells (<hearth/inspection.h>). Takes as long as the settings let a broadcast
/// wait (broadcast_rounds times broadcast_wait_ms). Nothing found: an empty list; diagnose() tells why.
[[nodiscard]] HEARTH_API std::vector<FoundNameServer> locate_all(const NameServerPlace& place = {},
                                                                 const ClientSettings& settings = {});

}  // namespace hearth
