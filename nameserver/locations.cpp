#include "nameserver/locations.h"

#include <hearth/uri.h>

#include "nameserver/model/registration.h"

namespace hearth {
namespace {

std::string uri_at(const std::string& location) { return "PYRO:" + std::string(name_server_name) + "@" + location; }

/// With -x the reference has nothing to say, except where it would not have answered anyway.
std::string broadcast_line(const Locations& locations) {
  if (!locations.tcp) return "";
  if (locations.broadcast) return "Broadcast server running on " + *locations.broadcast + "\n";
  const std::string& address = locations.tcp_address;
  if (address.find(':') != std::string::npos) return "Not starting broadcast server for IPv6.\n";
  if (address.starts_with("127.")) return "Not starting broadcast server for localhost.\n";
  return "";
}

}  // namespace

std::string Locations::internal_uri() const { return uri_at(internal()); }
std::string Locations::external_uri() const { return uri_at(external()); }

std::string location_of(const std::string& host, std::uint16_t port) {
  Uri uri;
  uri.host = host;
  uri.port = Value(port);
  return *uri.location();
}

std::string start_up_lines(const Locations& locations, std::size_t registrations, bool serves_anyone) {
  std::string lines = broadcast_line(locations);
  if (registrations > 1)
    lines += "Persistent store contains " + std::to_string(registrations) + " existing registrations.\n";
  if (locations.tcp) lines += "NS running on " + *locations.tcp + " (" + locations.tcp_address + ")\n";
  for (const HostLocation& further : locations.further_tcp)
    lines += "NS running on " + further.location + " (" + further.address + ")\n";
  if (const auto& second = locations.second_tcp) {
    lines += "NS running on " + second->location + " (" + second->address + "), with" +
             (locations.uri_has_tls ? "out" : "") + " TLS\n";
  }
  if (locations.unix_socket) lines += "NS running on " + *locations.unix_socket + " (Unix domain socket)\n";
  if (serves_anyone) lines += "Warning: HMAC key not set. Anyone can connect to this server!\n";
  if (!locations.nat) return lines + "URI = " + locations.internal_uri() + "\n";
  return lines + "internal URI = " + locations.internal_uri() + "\nexternal URI = " + locations.external_uri() + "\n";
}

}  // namespace hearth
