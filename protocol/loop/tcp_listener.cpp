#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "protocol/base/check.h"
#include "protocol/loop/listener.h"
#include "protocol/loop/port_owner.h"
#include "protocol/loop/socket_address.h"
#include "protocol/loop/socket_listener.h"
#include "protocol/loop/tcp_addresses.h"

namespace hearth {
namespace {

constexpr std::uint16_t first_unprivileged_port = 1024;
constexpr int free_ports_tried_max = 32;  // a guess: each has to be free on every address, and is held until one is

/// One address to listen on, and what to call it in an error text.
struct Place {
  sockaddr_storage address;
  std::string host;
  bool is_first_of_host;
};

struct Opened {
  FileDescriptor socket;
  int error_number = 0;
};

/// SO_REUSEADDR lets a restarted server in while connections of its predecessor are in TIME_WAIT; two that listen on one port
/// are refused all the same.
Opened open_listening(const sockaddr_storage& address, bool is_for_ipv6_only) {
  FileDescriptor socket(::socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  if (!socket.is_open() || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
    return {{}, errno};
  if (address.ss_family == AF_INET6) {
    const int only = is_for_ipv6_only ? 1 : 0;
    if (::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only) != 0) return {{}, errno};
  }
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size_of(address)) != 0) return {{}, errno};
  if (const int error_number = start_listening(socket); error_number != 0) return {{}, error_number};
  return {std::move(socket), 0};
}

/// Why this address cannot be had, and what to do about it.
std::string explain(const Place& place, std::uint16_t port, int error_number) {
  switch (error_number) {
    case EADDRINUSE:
      if (port == 0) return "no port is free on all its addresses: choose one with -p";
      return fmt::format("the port is in use by {}: stop it or choose another port with -p",
                         port_owner(with_port(place.address, port)).value_or("another program"));
    case EACCES:
      if (port >= first_unprivileged_port) break;
      return fmt::format("no permission for ports below {}: choose another or give the capability CAP_NET_BIND_SERVICE",
                         first_unprivileged_port);
    case EADDRNOTAVAIL: return place.host + " is not an address of this machine";
    default: break;
  }
  return errno_text(error_number);
}

std::string cannot_listen(const std::string& place, const std::string& reason) {
  return fmt::format("cannot listen on {}: {}", place, reason);
}

Error failure_at(const Place& place, std::uint16_t port, int error_number) {
  std::string name = host_and_port(place.host, port);
  if (!place.is_first_of_host) name += fmt::format(" ({})", numeric_host(place.address));
  return {ErrorKind::system, cannot_listen(name, explain(place, port, error_number))};
}

/// Leaves out what one of the other sockets serves anyway; of two that are the same, the later.
std::vector<Place> without_repetition(std::vector<Place> places) {
  std::vector<Place> kept;
  for (auto place = places.begin(); place != places.end(); ++place) {
    const auto serves_it = [&](const Place& other) { return is_served_by(place->address, other.address); };
    const auto serves_more = [&](const Place& other) {
      return serves_it(other) && !is_served_by(other.address, place->address);
    };
    if (std::any_of(kept.begin(), kept.end(), serves_it) || std::any_of(place, places.end(), serves_more)) continue;
    kept.push_back(*place);
  }
  return kept;
}

/// The sockets of all places, or of those before the one that failed.
struct OpenedPlaces {
  std::vector<FileDescriptor> sockets;
  std::uint16_t port = 0;
  int error_number = 0;
};

OpenedPlaces open_all(const std::vector<Place>& places, std::uint16_t port) {
  OpenedPlaces all{{}, port, 0};
  const bool has_ipv4 =
      std::any_of(places.begin(), places.end(), [](const Place& place) { return place.address.ss_family == AF_INET; });
  for (const Place& place : places) {
    Opened opened = open_listening(with_port(place.address, all.port), has_ipv4);
    all.error_number = opened.error_number;
    if (!opened.socket.is_open()) break;
    if (all.port == 0) all.port = port_of(bound_address(opened.socket));
    all.sockets.push_back(std::move(opened.socket));
  }
  return all;
}

/// A port that the first place has free may be taken at another one. It is held while the next is tried, so that the kernel
/// does not offer it again.
OpenedPlaces open_all_on_a_free_port(const std::vector<Place>& places) {
  std::vector<OpenedPlaces> held;
  for (;;) {
    OpenedPlaces all = open_all(places, 0);
    if (all.error_number != EADDRINUSE || all.sockets.empty() || held.size() + 1 == free_ports_tried_max) return all;
    held.push_back(std::move(all));
  }
}

}  // namespace

Result<TcpListeners> listen_tcp(Loop& loop, const std::vector<std::string>& hosts, std::uint16_t port) {
  loop.assert_on_loop_thread();
  HEARTH_CHECK(!hosts.empty());
  TcpListeners result;
  std::vector<Place> places;
  for (const std::string& host : hosts) {
    const auto addresses = local_addresses(host);
    if (!addresses) {
      return fail(addresses.error().kind, cannot_listen(host_and_port(host, port), addresses.error().text));
    }
    result.host_addresses.push_back(numeric_host(addresses->front()));
    for (const sockaddr_storage& address : *addresses)
      places.push_back({address, host, &address == &addresses->front()});
  }
  places = without_repetition(std::move(places));

  OpenedPlaces opened = port == 0 ? open_all_on_a_free_port(places) : open_all(places, port);
  if (opened.error_number != 0) {
    return tl::unexpected<Error>(failure_at(places[opened.sockets.size()], port, opened.error_number));
  }
  result.port = opened.port;
  for (FileDescriptor& socket : opened.sockets) result.listeners.push_back(tcp_listener(loop, std::move(socket)));
  return result;
}

}  // namespace hearth
