/// The steps in which a name server is searched (PYRO.md section 5; Pyro4/core.py _locateNS): the one list that locate(),
/// locate_all() and diagnose() go through.
///
/// Layer: client-lib, private.        Thread rule: none, pure functions.
#pragma once

#include <hearth/client_settings.h>
#include <hearth/locate.h>
#include <hearth/uri.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

enum class SearchStepKind : unsigned char {
  given_host,       ///< the caller's; then it is the only step
  loopback,         ///< the configured host, if that is this machine
  debian_loopback,  ///< 127.0.1.1, which Debian's installer gives a machine's own name. That nobody is there is no news
  broadcast,
  configured_host,
};

struct SearchStep {
  SearchStepKind kind;
  Uri name_server = {};              ///< to connect to; not for the broadcast
  std::uint16_t broadcast_port = 0;  ///< only for the broadcast
};

[[nodiscard]] std::vector<SearchStep> plan_search(const NameServerPlace& place, const ClientSettings& settings);

/// Adds what the step came to. `answered`: with what a broadcast was answered, where connecting to that failed.
void note_failure(LocateFailure& failure, const SearchStep& step, ClientError error,
                  const std::optional<Uri>& answered = std::nullopt);

/// The host to ask for one of ClientSettings::broadcast_addresses.
[[nodiscard]] std::string broadcast_host(const std::string& address);

/// What a broadcast was answered with; nullopt: it is no place of an object, and so not taken for an answer.
[[nodiscard]] std::optional<Uri> answered_uri(std::string_view text);

/// What came of a question to the network that nobody answered with a URI: timeout; unreachable if it could not be sent at all.
[[nodiscard]] ClientError unanswered_broadcast(std::uint16_t port, bool was_sent);

/// The URI of the name server at a host (a name, an address with or without brackets) or at `./u:PATH`.
[[nodiscard]] Uri name_server_at(std::string_view host, std::uint16_t port);

}  // namespace hearth
