#include "protocol/base/host_scope.h"

#include <doctest/doctest.h>

namespace hearth {

TEST_CASE("host scope: what a server listens on leads nowhere") {
  for (const char* host : {"", "0.0.0.0", "0", "::", "0:0:0:0:0:0:0:0", "0::", "::ffff:0.0.0.0"}) {
    CAPTURE(host);
    CHECK(scope_of_host(host) == HostScope::nowhere);
  }
}

TEST_CASE("host scope: loopback in all its spellings") {
  for (const char* host :
       {"localhost", "LocalHost", "127.0.0.1", "127.0.1.1", "127.255.0.9", "::1", "0:0:0:0:0:0:0:1", "0::1", "::01",
        "ip6-localhost", "localhost.localdomain", "db.localhost", "::FFFF:127.0.0.1"}) {
    CAPTURE(host);
    CHECK(scope_of_host(host) == HostScope::loopback);
  }
}

TEST_CASE("host scope: everything else may be reachable") {
  for (const char* host :
       {"192.0.2.7", "1.27.0.0", "12.7.0.0", "10.0.0.0", "1", "::2", "::1:1", "::10", "2001:db8::1", "1::", "fe80::1",
        "mylocalhost", "localhost.example.org", "127", "::ffff:10.0.0.1", "host"}) {
    CAPTURE(host);
    CHECK(scope_of_host(host) == HostScope::others);
  }
}

}  // namespace hearth
