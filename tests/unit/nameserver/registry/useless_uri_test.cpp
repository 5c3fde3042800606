#include "nameserver/registry/useless_uri.h"

#include <doctest/doctest.h>

#include <string>

namespace hearth {
namespace {

Peer peer_at(const std::string& address) {
  Peer peer;
  peer.connection = 17;
  peer.address = address;
  return peer;
}

const Peer remote = peer_at("192.0.2.7:50123");

bool warns(const std::string& uri, const Peer& peer) { return useless_uri_warning("x", uri, peer).has_value(); }

}  // namespace

TEST_CASE("useless URI: no address to connect to, whoever registers it") {
  Peer on_socket = peer_at("unix socket");
  on_socket.uid = 1000;
  for (const Peer& peer : {remote, peer_at("127.0.0.1:5"), on_socket}) {
    CAPTURE(peer.address);
    CHECK(warns("PYRO:o@0.0.0.0:1", peer));
    CHECK(warns("PYRO:o@[::]:1", peer));
    CHECK(warns("pyro:o@:1", peer));
  }
}

TEST_CASE("useless URI: loopback, if the client is on another machine") {
  for (const char* uri : {"PYRO:o@localhost:1", "PYRO:o@127.0.1.1:1", "PYRO:o@[::1]:1"}) {
    CAPTURE(uri);
    CHECK(warns(uri, remote));
    CHECK(warns(uri, peer_at("[2001:db8::7]:50123")));
    CHECK_FALSE(warns(uri, peer_at("127.0.0.1:5")));
    CHECK_FALSE(warns(uri, peer_at("[::1]:5")));
    Peer on_socket = peer_at("unix socket");
    on_socket.uid = 1000;
    CHECK_FALSE(warns(uri, on_socket));
  }
}

TEST_CASE("useless URI: what others may well reach, and what names no host") {
  for (const char* uri : {"PYRO:o@192.0.2.7:1", "PYRO:o@host:1", "PYRO:o@./u:/tmp/s", "PYRONAME:x@localhost",
                          "PYRONAME:x", "PYROMETA:t@0.0.0.0", "nonsense"}) {
    CAPTURE(uri);
    CHECK_FALSE(warns(uri, remote));
  }
}

TEST_CASE("useless URI: the words name the client, the registration and the remedy, and hide what cannot be printed") {
  CHECK(useless_uri_warning("a\nb", "PYRO:o@localhost:1", remote) ==
        "c#17 192.0.2.7:50123 registered 'a\\nb' as 'PYRO:o@localhost:1': its host is 'localhost', which every machine "
        "takes for "
        "itself, so other machines cannot call it. Start that program with PYRO_HOST, or Daemon(host=...), set to an "
        "address that "
        "they can reach");
  const auto empty = useless_uri_warning("x", "PYRO:o@:1", remote);
  REQUIRE(empty);
  CHECK(empty->find("its host is '', which is no address to connect to") != std::string::npos);
}

}  // namespace hearth
