#include "nameserver/locations.h"

#include <doctest/doctest.h>

namespace hearth {

TEST_CASE("the start-up lines are the reference's, in its order") {
  Locations locations;
  locations.tcp = location_of("localhost", 9090);
  locations.tcp_address = "127.0.0.1";
  CHECK(start_up_lines(locations, 1, true) ==
        "Not starting broadcast server for localhost.\n"
        "NS running on localhost:9090 (127.0.0.1)\n"
        "Warning: HMAC key not set. Anyone can connect to this server!\n"
        "URI = PYRO:Pyro.NameServer@localhost:9090\n");
  locations.nat = "outside:77";
  CHECK(start_up_lines(locations, 3, false) ==
        "Not starting broadcast server for localhost.\n"
        "Persistent store contains 3 existing registrations.\n"
        "NS running on localhost:9090 (127.0.0.1)\n"
        "internal URI = PYRO:Pyro.NameServer@localhost:9090\n"
        "external URI = PYRO:Pyro.NameServer@outside:77\n");
}

TEST_CASE("IPv6 and Unix sockets are spelled as URIs spell them") {
  Locations locations;
  locations.tcp = location_of("::1", 9090);
  locations.tcp_address = "::1";
  CHECK(start_up_lines(locations, 1, false) ==
        "Not starting broadcast server for IPv6.\nNS running on [::1]:9090 (::1)\nURI = "
        "PYRO:Pyro.NameServer@[::1]:9090\n");
  Locations socket_only;
  socket_only.unix_socket = "./u:/run/ns.sock";
  CHECK(start_up_lines(socket_only, 1, false) ==
        "NS running on ./u:/run/ns.sock (Unix domain socket)\nURI = PYRO:Pyro.NameServer@./u:/run/ns.sock\n");
}

TEST_CASE("every host that was asked for has its line; the URI is the first's") {
  Locations locations;
  locations.tcp = location_of("localhost", 9090);
  locations.tcp_address = "127.0.0.1";
  locations.further_tcp = {{location_of("fd00::2", 9090), "fd00::2"}, {location_of("ns", 9090), "192.0.2.2"}};
  locations.unix_socket = "./u:/run/ns.sock";
  CHECK(start_up_lines(locations, 1, false) ==
        "Not starting broadcast server for localhost.\n"
        "NS running on localhost:9090 (127.0.0.1)\n"
        "NS running on [fd00::2]:9090 (fd00::2)\n"
        "NS running on ns:9090 (192.0.2.2)\n"
        "NS running on ./u:/run/ns.sock (Unix domain socket)\n"
        "URI = PYRO:Pyro.NameServer@localhost:9090\n");
}

TEST_CASE("the port for the other kind of clients has its line") {
  Locations locations;
  locations.tcp = location_of("localhost", 9090);
  locations.tcp_address = "127.0.0.1";
  locations.second_tcp = HostLocation{"localhost:9443", "127.0.0.1"};
  const auto has_line = [&](const std::string& line) {
    return start_up_lines(locations, 1, false).find("\n" + line + "\nURI = ") != std::string::npos;
  };
  CHECK(has_line("NS running on localhost:9443 (127.0.0.1), with TLS"));
  locations.uri_has_tls = true;
  CHECK(has_line("NS running on localhost:9443 (127.0.0.1), without TLS"));
}

}  // namespace hearth
