#include "nameserver/registry/useless_uri.h"

#include <fmt/format.h>

#include <hearth/repr.h>
#include <hearth/uri.h>

#include "protocol/base/host_scope.h"

namespace hearth {
namespace {

/// "192.0.2.7:50123", "[2001:db8::7]:50123" -> the host.
std::string_view host_of(std::string_view peer_address) {
  std::string_view host = peer_address.substr(0, peer_address.rfind(':'));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return host;
}

bool is_on_this_machine(const Peer& peer) {
  return peer.uid.has_value() || scope_of_host(host_of(peer.address)) == HostScope::loopback;
}

}  // namespace

std::optional<std::string> useless_uri_warning(std::string_view name, std::string_view uri, const Peer& peer) {
  const auto parsed = parse_uri(uri);
  // PYRONAME and PYROMETA name a name server, if anything, and a Unix socket is nobody's default.
  if (!parsed || parsed->protocol != "PYRO" || !parsed->host) return std::nullopt;
  std::string_view why;
  switch (scope_of_host(*parsed->host)) {
    case HostScope::nowhere: why = "which is no address to connect to"; break;
    case HostScope::loopback:
      if (is_on_this_machine(peer)) return std::nullopt;
      why = "which every machine takes for itself";
      break;
    case HostScope::others: return std::nullopt;
  }
  // repr(): names and URIs come from anybody, and end in a terminal.
  return fmt::format(
      "c#{} {} registered {} as {}: its host is {}, {}, so other machines cannot call it. Start that program with "
      "PYRO_HOST, "
      "or Daemon(host=...), set to an address that they can reach",
      peer.connection, peer.address, repr(Value(std::string(name))), repr(Value(std::string(uri))),
      repr(Value(*parsed->host)), why);
}

}  // namespace hearth
