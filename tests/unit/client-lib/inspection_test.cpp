// What a name server tells about itself, and when two of them are one.
#include <hearth/inspection.h>

#include <doctest/doctest.h>

#include "tests/unit/client-lib/admin_handlers.h"
#include "tests/unit/client-lib/pyro_handlers.h"

namespace hearth::test {
namespace {

Inspection reached(const std::string& location, const std::string& own_uri, bool is_on_this_machine) {
  Inspection inspection;
  inspection.reached_at = parse_uri("PYRO:Pyro.NameServer@" + location).value();
  inspection.own_uri = own_uri;
  inspection.is_on_this_machine = is_on_this_machine;
  return inspection;
}

Inspection hearthd(const std::string& instance) {
  Inspection inspection = reached("a:1", "PYRO:Pyro.NameServer@a:1", false);
  inspection.hearthd.emplace().instance = instance;
  return inspection;
}

}  // namespace

TEST_CASE("inspection: a hearthd and another make") {
  NameServers names;
  AdminServer admin([] {
    ServerStatus status;
    status.instance = "one";
    return status;
  }());
  const LoopbackServer server(
      {names.handler(Dialect::pyro4), admin.handler(), names.handler(Dialect::pyro4), names.handler(Dialect::pyro4)});
  ClientSettings settings;
  settings.first_dialect = Dialect::pyro4;
  const auto ours = inspect(server.uri(), settings);
  REQUIRE_MESSAGE(ours.has_value(), ours.error().text);
  CHECK(ours->is_on_this_machine);
  CHECK(ours->dialect == Dialect::pyro4);
  CHECK(ours->registrations == 1);
  CHECK(ours->own_uri == "PYRO:Pyro.NameServer@localhost:9090");
  REQUIRE(ours->hearthd.has_value());
  CHECK(ours->hearthd->instance == "one");
  const auto other = inspect(server.uri(), settings);
  REQUIRE_MESSAGE(other.has_value(), other.error().text);
  CHECK_FALSE(other->hearthd.has_value());
}

TEST_CASE("inspection: one server or two") {
  CHECK(is_same_server(hearthd("x"), hearthd("x")));
  CHECK_FALSE(is_same_server(hearthd("x"), hearthd("y")));
  const std::string any = "PYRO:Pyro.NameServer@0.0.0.0:9090";
  const Inspection local = reached("localhost:9090", any, true);
  CHECK_FALSE(is_same_server(hearthd("x"), local));
  CHECK(is_same_server(local, reached("192.0.2.1:9090", any, true)));
  CHECK_FALSE(is_same_server(local, reached("192.0.2.1:9090", "PYRO:Pyro.NameServer@192.0.2.1:9090", true)));
  CHECK_FALSE(is_same_server(local, reached("192.0.2.2:9090", any, false)));
  CHECK_FALSE(is_same_server(reached("192.0.2.3:9090", any, false), reached("192.0.2.2:9090", any, false)));
  CHECK(is_same_server(reached("192.0.2.2:9090", any, false), reached("192.0.2.2:9090", any, false)));
}

}  // namespace hearth::test
