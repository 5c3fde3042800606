// From names, tags and daemons to places, against the real object Pyro.NameServer in both dialects.
#include <hearth/name_server.h>
#include <hearth/resolve.h>

#include <doctest/doctest.h>

#include "tests/unit/client-lib/pyro_handlers.h"

namespace hearth::test {
namespace {

constexpr Dialect dialects[] = {Dialect::pyro4, Dialect::pyro5};

ClientSettings speaking(Dialect dialect) {
  ClientSettings settings;
  settings.first_dialect = dialect;
  settings.retry_wait_ms = 1;
  settings.retry_wait_ms_max = 1;
  return settings;
}

/// Name servers that know so much already.
void fill(NameServers& servers, Dialect dialect) {
  const LoopbackServer server({servers.handler(dialect)});
  NameServerClient client(Proxy::connect(server.uri(), speaking(dialect)).value());
  REQUIRE(client.register_name("x", "PYRO:o@h:1", {"t", "u"}).has_value());
  REQUIRE(client.register_name("y", "PYRO:p@h:1", {"t"}).has_value());
  REQUIRE(client.register_name("alias", "PYRONAME:x").has_value());
}

}  // namespace

TEST_CASE("resolve: by name and by tags, at the name server that the URI names") {
  for (const Dialect dialect : dialects) {
    NameServers servers;
    fill(servers, dialect);
    const LoopbackServer server(std::vector(7, servers.handler(dialect)));
    const auto resolved = [&](const std::string& text) {
      return resolve(text + "@" + server.place(), speaking(dialect));
    };
    CHECK(resolved("PYRONAME:x").value().text() == "PYRO:o@h:1");
    CHECK(resolved("pyrometa:t,u").value().text() == "PYRO:o@h:1");
    CHECK(resolved("PYROMETA:t").value().host == "h");
    CHECK(resolved("PYRONAME:nobody").error().kind == ClientErrorKind::unknown_name);
    const ClientError no_tag = resolved("PYROMETA:t,v").error();
    CHECK(no_tag.kind == ClientErrorKind::unknown_name);
    CHECK(no_tag.text == "no registration has all tags of PYROMETA:t,v@" + server.place());
    CHECK(resolved("PYRONAME:alias").error().text ==
          "alias is registered as PYRONAME:x, which is not the place of an object");

    ClientSettings patient = speaking(dialect);
    patient.name_wait_ms = 20;
    CHECK(resolve("PYRONAME:nobody@" + server.place(), patient).error().kind == ClientErrorKind::timeout);
  }
}

TEST_CASE("resolve: by asking the daemon of the object") {
  for (const Dialect dialect : dialects) {
    NameServers servers;
    const LoopbackServer server(std::vector(2, servers.handler(dialect)));
    const std::string place = server.place();
    CHECK(resolve("PYROLOC:Pyro.NameServer@" + place, speaking(dialect)).value() == server.uri());
    const ClientError none = resolve("pyroloc:nobody@" + place, speaking(dialect)).error();
    CHECK(none.kind == ClientErrorKind::unknown_name);
    CHECK(none.text == "the daemon at " + place + " has no object nobody");
  }
}

TEST_CASE("resolve: what needs no asking, and what cannot be asked") {
  CHECK(resolve("PYRO:o@h:1").value().text() == "PYRO:o@h:1");
  CHECK(resolve("nonsense").error().kind == ClientErrorKind::invalid);
  CHECK(resolve("PYROLOC:o").error().kind == ClientErrorKind::invalid);
  CHECK(resolve("PYROLOC:o@h").error().text == "invalid port in uri, port=None: PYROLOC:o@h");
  CHECK(parse_object_uri("pyroloc:o@[::1]:1").value().text() == "PYROLOC:o@[::1]:1");

  const LoopbackServer deaf(std::vector<LoopbackServer::Handler>{});
  const ClientError away = resolve("PYRONAME:x@" + deaf.place()).error();
  CHECK(away.kind == ClientErrorKind::unreachable);
  CHECK(away.text == "no name server: " + deaf.place() + " refused the connection");
}

TEST_CASE("resolve: a proxy can be made of each") {
  for (const Dialect dialect : dialects) {
    NameServers objects;  // each its own: they are served by two threads
    NameServers servers;
    const LoopbackServer object(std::vector(2, objects.handler(dialect)));
    const LoopbackServer name_server(std::vector(3, servers.handler(dialect)));
    {
      NameServerClient client(Proxy::connect(name_server.uri(), speaking(dialect)).value());
      REQUIRE(client.register_name("example", object.uri(), {"only"}).has_value());
    }
    for (const std::string start : {"PYRONAME:example", "PYROMETA:only"}) {
      const std::string text = start + "@" + name_server.place();
      auto proxy = Proxy::connect(text, speaking(dialect));
      REQUIRE_MESSAGE(proxy.has_value(), proxy.error().text);
      CHECK(proxy->uri().text() == text);
      CHECK(proxy->place() == object.uri());
      CHECK(proxy->call<int>("count") == 1);
    }
  }
}

}  // namespace hearth::test
