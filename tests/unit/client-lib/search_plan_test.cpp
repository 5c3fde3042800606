// Where a name server is searched, and in which order (Pyro4/core.py _locateNS).
#include "client-lib/src/search_plan.h"

#include <doctest/doctest.h>

namespace hearth {
namespace {

std::string name_of(SearchStepKind kind) {
  switch (kind) {
    case SearchStepKind::given_host: return "given";
    case SearchStepKind::loopback: return "loopback";
    case SearchStepKind::debian_loopback: return "debian";
    case SearchStepKind::broadcast: return "broadcast";
    case SearchStepKind::configured_host: return "configured";
  }
  return "";
}

/// "loopback localhost:9090, broadcast 9091"
std::string plan(const NameServerPlace& place, const ClientSettings& settings) {
  std::string text;
  for (const SearchStep& step : plan_search(place, settings)) {
    text += (text.empty() ? "" : ", ") + name_of(step.kind) + " ";
    text += step.kind == SearchStepKind::broadcast ? std::to_string(step.broadcast_port)
                                                   : step.name_server.location().value_or("nowhere");
  }
  return text;
}

ClientSettings with_host(const std::string& host) {
  ClientSettings settings;
  settings.name_server_host = host;
  return settings;
}

}  // namespace

TEST_CASE("search plan: nothing given") {
  CHECK(plan({}, {}) == "loopback localhost:9090, debian 127.0.1.1:9090, broadcast 9091");
  CHECK(plan({.port = 7}, {}) == "loopback localhost:7, debian 127.0.1.1:7, broadcast 7, configured localhost:9090");
  CHECK(plan({.port = 0}, {}) == plan({}, {}));
  CHECK(plan({}, with_host("127.0.1.1")) == "loopback 127.0.1.1:9090, broadcast 9091");
  CHECK(plan({}, with_host("::1")) == "loopback [::1]:9090, broadcast 9091");
  CHECK(plan({}, with_host("far")) == "broadcast 9091, configured far:9090");
  ClientSettings ipv6 = with_host("far");
  ipv6.preferred_ip_version = 6;
  CHECK(plan({}, ipv6) == "configured far:9090");
}

TEST_CASE("search plan: several servers are tried in their order, before the network") {
  CHECK(plan({}, with_host("a,b:7,localhost")) ==
        "configured a:9090, configured b:7, loopback localhost:9090, broadcast 9091");
  CHECK(plan({.port = 5}, with_host("a,b:7")) == "configured a:5, configured b:7, broadcast 5");
  CHECK(plan({.host = "a:7,./u:/run/ns,[::1]:8"}, {}) == "given a:7, given ./u:/run/ns, given [::1]:8");
  CHECK(plan({}, with_host("localhost:7")) == "loopback localhost:7, debian 127.0.1.1:7, broadcast 9091");
  CHECK(plan({}, with_host("far:7,")) == "broadcast 9091, configured far:7");
}

TEST_CASE("search plan: a given host is the only step") {
  CHECK(plan({.host = "far"}, {}) == "given far:9090");
  CHECK(plan({.host = "far", .port = 7}, {}) == "given far:7");
  CHECK(plan({.host = "[::1]"}, {}) == "given [::1]:9090");
  CHECK(plan({.host = ","}, {}) == "given ,:9090");
  CHECK(plan({.host = "./u:/run/ns", .port = 7}, {}) == "given ./u:/run/ns");
}

}  // namespace hearth
