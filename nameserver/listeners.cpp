#include "nameserver/listeners.h"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "protocol/base/log.h"

namespace hearth {
namespace {

using Listeners = std::vector<std::unique_ptr<Listener>>;

struct Adopted {
  Listeners tcp;
  Listeners unix_sockets;
};

Result<Adopted> adopt(Loop& loop, const std::vector<int>& streams) {
  Adopted adopted;
  for (const int descriptor : streams) {
    auto listener = adopt_listener(loop, descriptor);
    if (!listener) return forward_error(listener);
    const bool is_tcp = (*listener)->bound_port() != 0;
    (is_tcp ? adopted.tcp : adopted.unix_sockets).push_back(std::move(*listener));
  }
  return adopted;
}

bool is_wildcard(const std::string& address) { return address == "0.0.0.0" || address == "::"; }
bool is_loopback(const std::string& address) { return address.starts_with("127.") || address == "::1"; }

void add(OpenListeners& open, Listeners more) {
  for (auto& listener : more) {
    const std::string host = listener->bound_host();
    const bool is_tcp = listener->bound_port() != 0;
    open.locations.bound.push_back(is_tcp ? location_of(host, listener->bound_port()) : host);
    if (listener->serves_ipv4() && !is_loopback(host)) open.locations.serves_ipv4_network = true;
    open.listeners.push_back(std::move(listener));
  }
}

/// An empty host is the reference's way to say all IPv4 addresses.
std::vector<std::string> hosts_of(const Options& options) {
  std::vector<std::string> hosts = options.hosts;
  std::replace(hosts.begin(), hosts.end(), std::string(), std::string("0.0.0.0"));
  return hosts;
}

/// Debian's /etc/hosts gives a machine's own name the address 127.0.1.1 (Pyro4/socketserver/threadpoolserver.py init).
void warn_of_hidden_host(const std::string& host, const Listeners& listeners) {
  const auto is_hidden = [](const auto& listener) { return is_loopback(listener->bound_host()); };
  if (is_loopback(host) || strcasecmp(host.c_str(), "localhost") == 0) return;
  if (!std::all_of(listeners.begin(), listeners.end(), is_hidden)) return;
  log(LogLevel::warning, LogCategory::server,
      fmt::format("{} is {} here, where no other machine can connect: give -n an address of the network, or correct "
                  "/etc/hosts",
                  host, listeners.front()->bound_host()));
}

Result<void> open_tcp(Loop& loop, const Options& options, OpenListeners& open) {
  const std::vector<std::string> hosts = hosts_of(options);
  auto tcp = listen_tcp(loop, hosts, options.port);
  if (!tcp) return forward_error(tcp);
  warn_of_hidden_host(hosts.front(), tcp->listeners);
  Locations& locations = open.locations;
  locations.tcp = location_of(hosts.front(), tcp->port);
  locations.tcp_port = tcp->port;
  locations.tcp_address = tcp->host_addresses.front();
  locations.host_is_wildcard = is_wildcard(locations.tcp_address);
  for (std::size_t i = 1; i < hosts.size(); ++i) {
    locations.further_tcp.push_back({location_of(hosts[i], tcp->port), tcp->host_addresses[i]});
  }
  add(open, std::move(tcp->listeners));
  return {};
}

void serve_adopted_tcp(Listeners adopted, const Options& options, OpenListeners& open) {
  Locations& locations = open.locations;
  locations.tcp_address = adopted.front()->bound_host();
  locations.tcp_port = adopted.front()->bound_port();
  const std::string host = options.host_is_set ? hosts_of(options).front() : locations.tcp_address;
  locations.tcp = location_of(host, locations.tcp_port);
  locations.host_is_wildcard = is_wildcard(host);
  add(open, std::move(adopted));
}

Result<Listeners> open_unix(Loop& loop, const Options& options) {
  auto listener = listen_unix(loop, options.unix_socket, options.unix_socket_mode);
  if (!listener) return forward_error(listener);
  Listeners one;
  one.push_back(std::move(*listener));
  return one;
}

void serve_unix(Listeners unix_sockets, OpenListeners& open) {
  open.locations.unix_socket = "./u:" + unix_sockets.front()->bound_host();
  add(open, std::move(unix_sockets));
}

}  // namespace

Result<OpenListeners> open_listeners(Loop& loop, const Options& options, const InheritedSockets& inherited) {
  auto adopted = adopt(loop, inherited.streams);
  if (!adopted) return forward_error(adopted);
  OpenListeners open;
  if (!adopted->tcp.empty()) {
    serve_adopted_tcp(std::move(adopted->tcp), options, open);
  } else if (options.serves_tcp) {
    if (auto opened = open_tcp(loop, options, open); !opened) return forward_error(opened);
  }
  if (!adopted->unix_sockets.empty()) {
    serve_unix(std::move(adopted->unix_sockets), open);
  } else if (!options.unix_socket.empty()) {
    auto opened = open_unix(loop, options);
    if (!opened) return forward_error(opened);
    serve_unix(std::move(*opened), open);
  }
  if (!options.nat_host.empty()) {
    if (open.locations.unix_socket) {
      return fail(ErrorKind::system, "cannot use nathost together with a Unix socket");  // Pyro4/core.py class Daemon
    }
    const std::uint16_t port = *options.nat_port != 0 ? *options.nat_port : open.locations.tcp_port;
    open.locations.nat = location_of(options.nat_host, port);
  }
  return open;
}

}  // namespace hearth
