#include "protocol/host/connection_quota.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <string_view>

#include "protocol/base/check.h"

namespace hearth {

std::optional<ConnectionId> ConnectionQuota::enter(ConnectionId connection, const std::string& source,
                                                   std::uint64_t now_ms) {
  Sources::value_type& entry = *sources_.try_emplace(source).first;
  HEARTH_CHECK(source_of_.emplace(connection, &entry).second);
  ++entry.second.connections;
  entry.second.strangers.insert(connection);
  strangers_.emplace(connection, now_ms);
  if (entry.second.connections <= limits_.connections_per_source_max) return std::nullopt;
  return *entry.second.strangers.begin();
}

void ConnectionQuota::shake_hands(ConnectionId connection) {
  const auto known = source_of_.find(connection);
  if (known == source_of_.end() || strangers_.erase(connection) == 0) return;
  known->second->second.strangers.erase(connection);
}

void ConnectionQuota::leave(ConnectionId connection) {
  const auto known = source_of_.find(connection);
  if (known == source_of_.end()) return;
  shake_hands(connection);
  Sources::value_type& entry = *known->second;
  source_of_.erase(known);
  if (--entry.second.connections == 0) sources_.erase(sources_.find(entry.first));
}

std::optional<ConnectionQuota::Stranger> ConnectionQuota::oldest_stranger() const {
  if (strangers_.empty()) return std::nullopt;
  return Stranger{strangers_.begin()->first, strangers_.begin()->second};
}

std::string source_of_peer(const std::string& peer_address) {
  const std::size_t end = peer_address.rfind(':');
  if (end == std::string::npos) return peer_address;
  if (!peer_address.starts_with('[')) return peer_address.substr(0, end);
  const std::string address = peer_address.substr(1, peer_address.find_first_of("]%") - 1);  // without a scope
  constexpr std::size_t network_bytes = 8;
  in6_addr bytes{};
  if (inet_pton(AF_INET6, address.c_str(), &bytes) != 1) return address;
  std::fill(std::begin(bytes.s6_addr) + network_bytes, std::end(bytes.s6_addr), std::uint8_t{0});
  char text[INET6_ADDRSTRLEN];
  return std::string(inet_ntop(AF_INET6, &bytes, text, sizeof text)) + "/64";
}

}  // namespace hearth
