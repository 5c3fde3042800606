#include "protocol/loop/listening_sockets.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "protocol/loop/local_address.h"
#include "protocol/loop/proc_net.h"

namespace hearth {
namespace {

constexpr std::string_view unix_prefix = "./u:";

bool is_wildcard(std::string_view host) { return host == "0.0.0.0" || host == "::"; }

struct HostAndPort {
  std::string_view host;
  std::uint16_t port;
};

std::optional<HostAndPort> split(std::string_view place) {
  const std::size_t colon = place.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view digits = place.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  std::string_view host = place.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return HostAndPort{host, port};
}

}  // namespace

bool have_common_socket(const SocketInodes& one, const SocketInodes& other) {
  return std::any_of(one.begin(), one.end(), [&other](std::uint64_t inode) {
    return std::find(other.begin(), other.end(), inode) != other.end();
  });
}

ListeningSockets ListeningSockets::now() {
  ListeningSockets sockets;
  for (WaitingSocket& socket : waiting_sockets(Transport::tcp)) {
    sockets.add_tcp(std::move(socket.host), socket.port, socket.inode);
  }
  for (const ListeningUnixSocket& socket : listening_unix_sockets()) sockets.add_unix(socket.path, socket.inode);
  for (std::string& address : local_addresses()) sockets.add_address(std::move(address));
  return sockets;
}

SocketInodes ListeningSockets::at(std::string_view place) const {
  if (place.starts_with(unix_prefix)) {
    const auto found = by_path_.find(std::string(place.substr(unix_prefix.size())));
    return found == by_path_.end() ? SocketInodes() : found->second;
  }
  SocketInodes inodes;
  const auto wanted = split(place);
  if (!wanted) return inodes;
  const auto listeners = by_port_.find(wanted->port);
  if (listeners == by_port_.end()) return inodes;
  for (const Listener& listener : listeners->second) {
    const bool serves = listener.host == wanted->host || (is_wildcard(listener.host) && is_ours(wanted->host));
    if (serves) inodes.push_back(listener.inode);
  }
  return inodes;
}

void ListeningSockets::add_tcp(std::string host, std::uint16_t port, std::uint64_t inode) {
  by_port_[port].push_back({std::move(host), inode});
}

void ListeningSockets::add_unix(const std::string& path, std::uint64_t inode) { by_path_[path].push_back(inode); }

void ListeningSockets::add_address(std::string host) { addresses_.insert(std::move(host)); }

bool ListeningSockets::is_ours(std::string_view host) const {
  return host.starts_with("127.") || host == "::1" || addresses_.count(std::string(host)) != 0;
}

}  // namespace hearth
