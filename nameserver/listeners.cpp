#include "nameserver/listeners.h"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "protocol/base/check.h"
#include "protocol/base/log.h"

namespace hearth {
namespace {

using Listeners = std::vector<std::unique_ptr<Listener>>;

struct Adopted {
  Listeners tcp;
  Listeners second_tcp;  ///< of second_port()
  Listeners unix_sockets;
};

/// Where TLS is spoken if it is not at the main port, or the reverse.
std::optional<std::uint16_t> second_port(const Options& options) {
  return options.ssl ? options.plain_port : options.ssl_port;
}

Result<Adopted> adopt(Loop& loop, const std::vector<int>& streams, const Options& options) {
  const auto second = second_port(options);
  Adopted adopted;
  for (const int descriptor : streams) {
    auto listener = adopt_listener(loop, descriptor);
    if (!listener) return forward_error(listener);
    const std::uint16_t port = (*listener)->bound_port();
    Listeners& kind = port == 0 ? adopted.unix_sockets : port == second ? adopted.second_tcp : adopted.tcp;
    kind.push_back(std::move(*listener));
  }
  const bool has_tcp = !adopted.tcp.empty() || !adopted.second_tcp.empty();
  if (has_tcp && adopted.tcp.empty()) {
    return fail(ErrorKind::system, "the inherited sockets have none for the main port: add one (ListenStream=)");
  }
  if (has_tcp && second && adopted.second_tcp.empty()) {
    return fail(ErrorKind::system, fmt::format("the inherited sockets have none for {} {}: add one (ListenStream=)",
                                               options.ssl ? "plain-port" : "ssl-port", *second));
  }
  return adopted;
}

bool is_wildcard(const std::string& address) { return address == "0.0.0.0" || address == "::"; }
bool is_loopback(const std::string& address) { return address.starts_with("127.") || address == "::1"; }

/// `tls` nullptr: these speak none.
void add(OpenListeners& open, Listeners more, TlsAcceptor* tls) {
  for (auto& listener : more) {
    const std::string host = listener->bound_host();
    const bool is_tcp = listener->bound_port() != 0;
    open.locations.bound.push_back(is_tcp ? location_of(host, listener->bound_port()) : host);
    if (tls != nullptr) open.locations.bound.back() += " (TLS)";
    if (listener->serves_ipv4() && !is_loopback(host)) open.locations.serves_ipv4_network = true;
    open.listeners.push_back(tls == nullptr ? std::move(listener) : tls->secure(std::move(listener)));
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

Result<void> open_tcp(Loop& loop, const Options& options, OpenListeners& open, TlsAcceptor* tls_acceptor) {
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
  add(open, std::move(tcp->listeners), options.ssl ? tls_acceptor : nullptr);
  const auto second = second_port(options);
  if (!second) return {};
  tcp = listen_tcp(loop, hosts, *second);
  if (!tcp) return forward_error(tcp);
  locations.second_tcp = HostLocation{location_of(hosts.front(), tcp->port), tcp->host_addresses.front()};
  add(open, std::move(tcp->listeners), options.ssl ? nullptr : tls_acceptor);
  return {};
}

void serve_adopted_tcp(Adopted adopted, const Options& options, OpenListeners& open, TlsAcceptor* tls) {
  Locations& locations = open.locations;
  locations.tcp_address = adopted.tcp.front()->bound_host();
  locations.tcp_port = adopted.tcp.front()->bound_port();
  const std::string host = options.host_is_set ? hosts_of(options).front() : locations.tcp_address;
  locations.tcp = location_of(host, locations.tcp_port);
  locations.host_is_wildcard = is_wildcard(host);
  if (!adopted.second_tcp.empty()) {
    const Listener& second = *adopted.second_tcp.front();
    locations.second_tcp = HostLocation{location_of(host, second.bound_port()), second.bound_host()};
  }
  add(open, std::move(adopted.tcp), options.ssl ? tls : nullptr);
  add(open, std::move(adopted.second_tcp), options.ssl ? nullptr : tls);
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
  add(open, std::move(unix_sockets), nullptr);
}

}  // namespace

Result<OpenListeners> open_listeners(Loop& loop, const Options& options, const InheritedSockets& inherited,
                                     TlsAcceptor* tls) {
  HEARTH_CHECK(tls != nullptr || !options.uses_tls());
  auto adopted = adopt(loop, inherited.streams, options);
  if (!adopted) return forward_error(adopted);
  Listeners unix_sockets = std::move(adopted->unix_sockets);
  OpenListeners open;
  open.locations.uri_has_tls = options.ssl;
  if (!adopted->tcp.empty()) {
    serve_adopted_tcp(std::move(*adopted), options, open, tls);
  } else if (options.serves_tcp) {
    if (auto opened = open_tcp(loop, options, open, tls); !opened) return forward_error(opened);
  }
  if (!unix_sockets.empty()) {
    serve_unix(std::move(unix_sockets), open);
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
