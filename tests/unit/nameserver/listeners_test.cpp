#include "nameserver/listeners.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "tests/support/inheritable.h"
#include "tests/support/listening.h"
#include "tests/support/own_network.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tls_lab.h"

namespace hearth {
namespace {

using Texts = std::vector<std::string>;

Options on_hosts(const Texts& hosts) {
  Options options;
  options.hosts = hosts;
  options.host_is_set = true;
  options.port = 0;
  return options;
}

Options on_unix_socket(const std::string& path) {
  Options options;
  options.serves_tcp = false;
  options.unix_socket = path;
  return options;
}

OpenListeners opened(Loop& loop, const Options& options, const InheritedSockets& inherited = {},
                     TlsAcceptor* tls = nullptr) {
  auto open = open_listeners(loop, options, inherited, tls);
  REQUIRE(open);
  CHECK(open->locations.bound.size() == open->listeners.size());
  return std::move(*open);
}

std::string at_port(const std::string& host, std::uint16_t port) { return host + ":" + std::to_string(port); }

}  // namespace

TEST_CASE("open_listeners: by default both loopbacks, of which the URI names localhost") {
  const OwnNetwork network;
  Loop loop;
  Options options;
  options.port = 0;
  const auto open = opened(loop, options);
  const Locations& locations = open.locations;
  const std::uint16_t port = locations.tcp_port;
  CHECK(locations.internal_uri() == "PYRO:Pyro.NameServer@localhost:" + std::to_string(port));
  CHECK(locations.external_uri() == locations.internal_uri());
  CHECK(locations.tcp_address == "127.0.0.1");
  CHECK(locations.further_tcp.empty());
  CHECK_FALSE(locations.serves_ipv4_network);
  CHECK_FALSE(locations.host_is_wildcard);
  CHECK(locations.bound == Texts{at_port("127.0.0.1", port), at_port("[::1]", port)});
}

TEST_CASE("open_listeners: the first host is the URI's, the others are announced too") {
  Loop loop;
  const auto open = opened(loop, on_hosts({"127.0.0.2", "localhost"}));
  const Locations& locations = open.locations;
  CHECK(locations.internal() == at_port("127.0.0.2", locations.tcp_port));
  REQUIRE(locations.further_tcp.size() == 1);
  CHECK(locations.further_tcp[0].location == at_port("localhost", locations.tcp_port));
  CHECK(locations.further_tcp[0].address == "127.0.0.1");
}

TEST_CASE("open_listeners: wildcards are told from addresses, and IPv4 networks from loopback and IPv6") {
  const OwnNetwork network;
  Loop loop;
  const auto all_ipv4 = opened(loop, on_hosts({"0.0.0.0"})).locations;
  CHECK(all_ipv4.host_is_wildcard);
  CHECK(all_ipv4.serves_ipv4_network);
  const auto empty_host = opened(loop, on_hosts({""})).locations;
  CHECK(empty_host.internal() == at_port("0.0.0.0", empty_host.tcp_port));
  CHECK(empty_host.host_is_wildcard);
  const auto loopback_first = opened(loop, on_hosts({"localhost", "0.0.0.0"})).locations;
  CHECK_FALSE(loopback_first.host_is_wildcard);
  CHECK(loopback_first.serves_ipv4_network);
  const auto both_families = opened(loop, on_hosts({"::"})).locations;
  CHECK(both_families.internal() == at_port("[::]", both_families.tcp_port));
  CHECK(both_families.host_is_wildcard);
  CHECK(both_families.serves_ipv4_network);
  CHECK_FALSE(opened(loop, on_hosts({"::1"})).locations.serves_ipv4_network);
}

TEST_CASE("open_listeners: a Unix socket, alone and beside TCP") {
  TempDir dir;
  const std::string path = dir / "ns.sock";
  Loop loop;
  {
    const auto alone = opened(loop, on_unix_socket(path));
    CHECK(alone.locations.internal() == "./u:" + path);
    CHECK(alone.locations.bound == Texts{path});
    CHECK_FALSE(alone.locations.serves_ipv4_network);
  }
  Options both = on_hosts({"127.0.0.1"});
  both.unix_socket = path;
  both.unix_socket_mode = 0640;
  const auto open = opened(loop, both);
  CHECK(open.locations.internal() == at_port("127.0.0.1", open.locations.tcp_port));
  CHECK(open.locations.unix_socket == "./u:" + path);
  CHECK(open.listeners.size() == 2);
  CHECK(std::filesystem::status(path).permissions() == std::filesystem::perms(0640));
}

TEST_CASE("open_listeners: nothing listens if one of the places cannot be had") {
  TempDir dir;
  Loop loop;
  const auto other = listen_unix(loop, dir / "ns.sock");
  REQUIRE(other);
  const std::uint16_t port = listen_on_loopback(loop)->bound_port();
  Options options = on_hosts({"127.0.0.1"});
  options.port = port;
  options.unix_socket = dir / "ns.sock";
  const auto open = open_listeners(loop, options);
  REQUIRE_FALSE(open);
  CHECK(open.error().text.find("the socket is in use by ") != std::string::npos);
  CHECK_FALSE(can_connect("127.0.0.1", port));
}

TEST_CASE("open_listeners: NAT port 0 is the internal one, and the internal URI stays what it is") {
  Loop loop;
  Options options = on_hosts({"127.0.0.1"});
  options.nat_host = "outside.example.org";
  for (const std::uint16_t nat_port : {std::uint16_t{0}, std::uint16_t{77}}) {
    options.nat_port = nat_port;
    const auto locations = opened(loop, options).locations;
    const std::uint16_t expected = nat_port == 0 ? locations.tcp_port : nat_port;
    CHECK(locations.external_uri() == "PYRO:Pyro.NameServer@" + at_port("outside.example.org", expected));
    CHECK(locations.internal_uri() == "PYRO:Pyro.NameServer@" + at_port("127.0.0.1", locations.tcp_port));
  }
}

TEST_CASE("open_listeners: inherited TCP sockets take the place of those of the options") {
  Loop loop;
  const Options by_default;
  const auto open = opened(loop, by_default, {{inheritable_tcp(), inheritable_tcp()}, {}});
  const Locations& locations = open.locations;
  CHECK(open.listeners.size() == 2);
  CHECK(locations.tcp_port == open.listeners[0]->bound_port());
  CHECK(locations.internal() == at_port("127.0.0.1", locations.tcp_port));
  CHECK(locations.bound[1] == at_port("127.0.0.1", open.listeners[1]->bound_port()));

  const auto named = opened(loop, on_hosts({"ns.example.org"}), {{inheritable_tcp()}, {}}).locations;
  CHECK(named.internal() == at_port("ns.example.org", named.tcp_port));
  CHECK(named.tcp_address == "127.0.0.1");
}

TEST_CASE("open_listeners: of an inherited wildcard the options may tell the name") {
  const OwnNetwork network;
  Loop loop;
  const auto unnamed = opened(loop, Options(), {{inheritable_tcp_v6(false)}, {}}).locations;
  CHECK(unnamed.internal() == at_port("[::]", unnamed.tcp_port));
  CHECK(unnamed.host_is_wildcard);
  CHECK(unnamed.serves_ipv4_network);
  const auto named = opened(loop, on_hosts({"ns.example.org"}), {{inheritable_tcp_v6(true)}, {}}).locations;
  CHECK_FALSE(named.host_is_wildcard);
  CHECK_FALSE(named.serves_ipv4_network);
}

TEST_CASE("open_listeners: an inherited Unix socket replaces that of the options only, and excludes NAT") {
  TempDir dir;
  Loop loop;
  Options options = on_hosts({"127.0.0.1"});
  options.unix_socket = dir / "of-the-options";
  const auto both = opened(loop, options, {{inheritable_unix(dir / "one")}, {}});
  CHECK(both.locations.unix_socket == "./u:" + (dir / "one"));
  CHECK(both.locations.internal() == at_port("127.0.0.1", both.locations.tcp_port));
  CHECK_FALSE(std::filesystem::exists(dir / "of-the-options"));

  Options behind_nat = on_hosts({"127.0.0.1"});
  behind_nat.nat_host = "outside.example.org";
  behind_nat.nat_port = 77;
  const auto refused = open_listeners(loop, behind_nat, {{inheritable_unix(dir / "two")}, {}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().text == "cannot use nathost together with a Unix socket");
}

TEST_CASE("open_listeners: TLS, and another port for the other kind of clients") {
  const TlsLab lab;
  Loop loop;
  const Limits limits;
  TlsAcceptor tls(loop, limits, TlsLab::server_with(lab.server_files), nullptr);
  Options options = on_hosts({"127.0.0.1"});
  options.ssl = true;
  const auto alone = opened(loop, options, {}, &tls);
  CHECK(alone.locations.uri_has_tls);
  CHECK(alone.locations.bound == Texts{at_port("127.0.0.1", alone.locations.tcp_port) + " (TLS)"});
  CHECK_FALSE(alone.locations.second_tcp);

  options.plain_port = 0;
  const auto with_plain = opened(loop, options, {}, &tls);
  REQUIRE(with_plain.locations.second_tcp);
  CHECK(with_plain.locations.bound == Texts{at_port("127.0.0.1", with_plain.locations.tcp_port) + " (TLS)",
                                            with_plain.locations.second_tcp->location});

  options.ssl = false;
  options.plain_port.reset();
  options.ssl_port = 0;
  const auto with_tls = opened(loop, options, {}, &tls);
  REQUIRE(with_tls.locations.second_tcp);
  CHECK_FALSE(with_tls.locations.uri_has_tls);
  CHECK(with_tls.locations.bound ==
        Texts{at_port("127.0.0.1", with_tls.locations.tcp_port), with_tls.locations.second_tcp->location + " (TLS)"});
}

TEST_CASE("open_listeners: of inherited sockets the port tells which one has TLS") {
  const TlsLab lab;
  Loop loop;
  const Limits limits;
  TlsAcceptor tls(loop, limits, TlsLab::server_with(lab.server_files), nullptr);
  const int plain = inheritable_tcp();
  const int secure = inheritable_tcp();
  Options options;
  options.ssl_port = port_of_descriptor(secure);
  const std::uint16_t plain_port = port_of_descriptor(plain);
  const auto open = opened(loop, options, {{secure, plain}, {}}, &tls);
  CHECK(open.locations.tcp_port == plain_port);
  CHECK(open.locations.bound ==
        Texts{at_port("127.0.0.1", plain_port), at_port("127.0.0.1", *options.ssl_port) + " (TLS)"});

  const auto without = open_listeners(loop, options, {{inheritable_tcp()}, {}}, &tls);
  REQUIRE_FALSE(without);
  CHECK(without.error().text.starts_with("the inherited sockets have none for ssl-port"));
  const int alone = inheritable_tcp();
  options.ssl_port = port_of_descriptor(alone);
  const auto no_main = open_listeners(loop, options, {{alone}, {}}, &tls);
  REQUIRE_FALSE(no_main);
  CHECK(no_main.error().text.starts_with("the inherited sockets have none for the main port"));
}

TEST_CASE("open_listeners: an inherited descriptor that is no good is an error") {
  Loop loop;
  const auto refused = open_listeners(loop, Options(), {{-1}, {}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().text == "cannot listen on the inherited descriptor -1: it is not open");
}

}  // namespace hearth
