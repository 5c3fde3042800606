// Lists of name servers, as users write them.
#include "client-lib/src/server_list.h"

#include <doctest/doctest.h>

namespace hearth::test {
namespace {

/// "host" or "host|port" for each server.
std::vector<std::string> listed(std::string_view text) {
  std::vector<std::string> texts;
  for (const ListedServer& server : server_list(text)) {
    texts.push_back(server.host + (server.port ? "|" + std::to_string(*server.port) : ""));
  }
  return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("server list: hosts with and without ports, sockets, addresses") {
  CHECK(listed("host") == Texts{"host"});
  CHECK(listed("host1:9090,host2:19090") == Texts{"host1|9090", "host2|19090"});
  CHECK(listed(" a , b:1 ,") == Texts{"a", "b|1"});
  CHECK(listed("[::1]:9090,[::1],::1") == Texts{"::1|9090", "::1", "::1"});
  CHECK(listed("./u:/run/ns,10.0.0.1:9090") == Texts{"./u:/run/ns", "10.0.0.1|9090"});
  CHECK(listed(" , ,").empty());
  CHECK(listed("").empty());
}

TEST_CASE("server list: what has no port behind its colon is all host name") {
  CHECK(listed("host:") == Texts{"host:"});
  CHECK(listed("host:0,host:65536,host:9090x") == Texts{"host:0", "host:65536", "host:9090x"});
  CHECK(listed("[::1,[::1]x,[::1]:") == Texts{"[::1", "[::1]x", "[::1]:"});
}

}  // namespace hearth::test
