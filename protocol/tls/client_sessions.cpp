#include "protocol/tls/client_sessions.h"

#include <utility>

namespace hearth {
namespace {

/// As a rule it is one name server and a few daemons.
constexpr std::size_t sessions_max = 64;

}  // namespace

void ClientSessions::resume(SSL* connection, const std::string& place) {
  const SessionPtr session = by_place_.with([&](auto& by_place) {
    auto node = by_place.extract(place);
    return node.empty() ? SessionPtr() : std::move(node.mapped());
  });
  if (session) SSL_set_session(connection, session.get());
}

void ClientSessions::keep(SSL* connection, const std::string& place) {
  SessionPtr session(SSL_get1_session(connection));
  if (!session || SSL_SESSION_is_resumable(session.get()) != 1) return;
  by_place_.with([&](auto& by_place) {
    if (by_place.size() >= sessions_max && !by_place.contains(place)) by_place.erase(by_place.begin());
    by_place[place] = std::move(session);
  });
}

}  // namespace hearth
