// The typed client against the real object Pyro.NameServer, in both dialects: the same answers from each.
#include <hearth/name_server.h>

#include <doctest/doctest.h>

#include "tests/support/pyro_client.h"
#include "tests/unit/client-lib/pyro_handlers.h"

namespace hearth::test {
namespace {

constexpr Dialect dialects[] = {Dialect::pyro4, Dialect::pyro5};
constexpr SerializerName serializers[] = {SerializerName::serpent, SerializerName::json, SerializerName::marshal,
                                          SerializerName::msgpack};
using IfTaken = NameServerClient::IfTaken;

NameServerClient connected(const LoopbackServer& server, Dialect dialect, SerializerName serializer) {
  ClientSettings settings;
  settings.first_dialect = dialect;
  settings.serializer = serializer;
  auto proxy = Proxy::connect(server.uri(), settings);
  REQUIRE_MESSAGE(proxy.has_value(), proxy.error().text);
  return NameServerClient(std::move(*proxy));
}

std::vector<std::string> names(const ClientResult<NameListing>& listing) {
  REQUIRE_MESSAGE(listing.has_value(), listing.error().text);
  std::vector<std::string> names;
  for (const NameEntry& entry : *listing) names.push_back(entry.name);
  return names;
}

using Names = std::vector<std::string>;

/// The settings of somebody who asks often.
ClientSettings impatient(Dialect dialect) {
  ClientSettings settings;
  settings.first_dialect = dialect;
  settings.retry_wait_ms = 1;
  settings.retry_wait_ms_max = 1;
  return settings;
}

void fill(NameServerClient& client) {
  REQUIRE(client.register_name("a.red", "PYRO:r@host:1", {"warm", "colour", "warm"}).has_value());
  REQUIRE(client.register_name("a.blue", "pyro:b@./u:/tmp/b", {"cold", "colour"}).has_value());
  REQUIRE(client.register_name("plain \xE2\x98\x83", "PYRO:p@host:3").has_value());
}

}  // namespace

TEST_CASE("name server client: everything, in each dialect and serializer") {
  for (const Dialect dialect : dialects) {
    for (const SerializerName serializer : serializers) {
      CAPTURE(to_string(serializer));
      NameServers servers;
      const LoopbackServer server({servers.handler(dialect)});
      auto client = connected(server, dialect, serializer);
      CHECK(client.ping().has_value());
      fill(client);
      CHECK(client.count().value() == 4);

      CHECK(client.lookup("a.red").value() == NameEntry{"a.red", "PYRO:r@host:1", {"colour", "warm"}});
      CHECK(client.lookup("a.blue").value().uri == "PYRO:b@./u:/tmp/b");
      CHECK(client.lookup("plain \xE2\x98\x83").value().metadata.empty());

      const auto all = client.list();
      CHECK(names(all) == Names{"Pyro.NameServer", "a.blue", "a.red", "plain \xE2\x98\x83"});
      CHECK((*all)[1] == NameEntry{"a.blue", "pyro:b@./u:/tmp/b", {"cold", "colour"}});
      CHECK(names(client.list_by_prefix("a.")) == Names{"a.blue", "a.red"});
      CHECK(names(client.list_by_prefix("")).size() == 4);
      CHECK(names(client.list_by_regex(".*d$")) == Names{"a.red"});
      CHECK(names(client.yplookup_all({"colour", "warm", "colour"})) == Names{"a.red"});
      CHECK(names(client.yplookup_any({"warm", "cold", "none"})) == Names{"a.blue", "a.red"});
      CHECK(names(client.yplookup_all({})).empty());
      CHECK(names(client.yplookup_any({})).empty());

      CHECK(client.set_metadata("a.red", {"new"}).has_value());
      CHECK(client.lookup("a.red").value().metadata == TagSet{"new"});
      CHECK(client.set_metadata("a.red", {}).has_value());
      CHECK(client.lookup("a.red").value().metadata.empty());

      CHECK(client.remove("nobody").value() == 0);
      CHECK(client.remove("Pyro.NameServer").value() == 0);
      CHECK(client.remove("a.red").value() == 1);
      CHECK(client.remove_by_prefix("a.").value() == 1);
      CHECK(client.remove_by_regex("pla").value() == 1);
      CHECK(client.count().value() == 1);
    }
  }
}

TEST_CASE("name server client: refusals are told apart") {
  for (const Dialect dialect : dialects) {
    NameServers servers;
    const LoopbackServer server({servers.handler(dialect)});
    auto client = connected(server, dialect, SerializerName::serpent);
    fill(client);
    CHECK(client.lookup("nobody").error().kind == ClientErrorKind::unknown_name);
    CHECK(client.set_metadata("nobody", {"t"}).error().kind == ClientErrorKind::unknown_name);
    const ClientError taken = client.register_name("a.red", "PYRO:x@y:1", {}, IfTaken::fail).error();
    CHECK(taken.kind == ClientErrorKind::name_taken);
    CHECK(taken.text == "NamingError: name already registered: a.red");
    CHECK(client.lookup("a.red").value().uri == "PYRO:r@host:1");
    CHECK(client.register_name("a.red", "PYRO:x@y:1").has_value());
    CHECK(client.lookup("a.red").value() == NameEntry{"a.red", "PYRO:x@y:1", {}});
    CHECK(client.register_name("bad", "nonsense").error().text == "PyroError: invalid uri");
    CHECK(client.list_by_regex("(").error().kind == ClientErrorKind::remote);
  }
}

TEST_CASE("name server client: many registrations in one message") {
  for (const Dialect dialect : dialects) {
    for (const SerializerName serializer : serializers) {
      CAPTURE(to_string(serializer));
      NameServers servers;
      const LoopbackServer server({servers.handler(dialect)});
      auto client = connected(server, dialect, serializer);
      const NameListing entries{{"a", "PYRO:a@h:1", {"t1", "t2"}}, {"b", "PYRO:b@h:1", {}}, {"c", "PYRO:c@h:1", {}}};
      CHECK(client.register_name("b", "PYRO:other@h:1").has_value());
      auto registered = client.register_all(entries, IfTaken::fail);
      REQUIRE_MESSAGE(registered.has_value(), registered.error().text);
      CHECK(registered->count == 1);
      REQUIRE(registered->failure.has_value());
      CHECK(registered->failure->kind == ClientErrorKind::name_taken);
      CHECK(names(client.list()) == Names{"Pyro.NameServer", "a", "b"});

      registered = client.register_all(entries);
      REQUIRE(registered.has_value());
      CHECK(registered->count == 3);
      CHECK_FALSE(registered->failure.has_value());
      CHECK(client.lookup("a").value() == entries[0]);
      CHECK(client.lookup("b").value() == entries[1]);
      CHECK(client.register_all({}).value().count == 0);
    }
  }
}

TEST_CASE("name server client: visiting what matches, one after the other") {
  for (const Dialect dialect : dialects) {
    for (const SerializerName serializer : serializers) {
      NameServers servers;
      const LoopbackServer server({servers.handler(dialect)});
      auto client = connected(server, dialect, serializer);
      fill(client);
      std::set<std::string> visited;
      const auto visit = [&visited](const NameEntry& entry) { visited.insert(entry.name + " " + entry.uri); };
      CHECK(client.for_each(NameFilter::prefix("a."), visit).value() == 2);
      CHECK(visited == std::set<std::string>{"a.blue pyro:b@./u:/tmp/b", "a.red PYRO:r@host:1"});
      CHECK(client.for_each(NameFilter::all(), visit).value() == 4);
      CHECK(client.for_each(NameFilter::any_tag({}), visit).value() == 0);
      CHECK(client.for_each(NameFilter::regex("("), visit).error().kind == ClientErrorKind::remote);
      CHECK(client.count().value() == 4);  // the connection is open
    }
  }
}

TEST_CASE("name server client: waiting for a name or a tag") {
  for (const Dialect dialect : dialects) {
    NameServers servers;
    int questions = 0;
    // Somebody registers the name after it has been asked for twice.
    const LoopbackServer server({[&](LoopbackPeer& peer) {
      ScriptedNameServer name_server("PYRO:Pyro.NameServer@localhost:9090");
      const ConnectionId connection = name_server.connect();
      for (std::string bytes = peer.receive(); !bytes.empty(); bytes = peer.receive()) {
        if (++questions == 4) {
          PyroClient other(dialect);
          const ConnectionId second = name_server.connect();
          static_cast<void>(name_server.exchange(second, other.connect()));
          static_cast<void>(name_server.exchange(
              second, other.call("register", {"late", "PYRO:o@h:1", false, make_list({"wanted"})})));
        }
        peer.send(name_server.exchange(connection, bytes));
      }
    }});
    NameServerClient client(Proxy::connect(server.uri(), impatient(dialect)).value());
    CHECK(client.wait_for_name("late", 0).value() == NameEntry{"late", "PYRO:o@h:1", {"wanted"}});
    CHECK(questions == 4);
    CHECK(names(client.wait_for_tags({"wanted"}, 0)) == Names{"late"});
    const ClientError never = client.wait_for_name("never", 10).error();
    CHECK(never.kind == ClientErrorKind::timeout);
    CHECK(never.text == "NamingError: unknown name: never, not within 10 ms");
    CHECK(client.wait_for_tags({"a", "b"}, 10).error().text ==
          "no registration has all of the tags a, b, not within 10 ms");
  }
}

TEST_CASE("name server client: a name server that goes while it is asked, and one that comes back") {
  NameServers servers;
  const auto vanish = [](LoopbackPeer& peer) {
    shake_hands(peer, Dialect::pyro5);
    static_cast<void>(peer.receive());
  };
  const LoopbackServer server({vanish, vanish, servers.handler(Dialect::pyro5)});
  NameServerClient client(Proxy::connect(server.uri(), impatient(Dialect::pyro5)).value());
  CHECK(client.wait_for_name("Pyro.NameServer", 0).has_value());

  const LoopbackServer mortal({vanish});
  ClientSettings hasty = impatient(Dialect::pyro5);
  hasty.connect_timeout_ms = 10;
  NameServerClient lost(Proxy::connect(mortal.uri(), hasty).value());
  const ClientError error = lost.wait_for_name("x", 20).error();
  CHECK((error.kind == ClientErrorKind::unreachable || error.kind == ClientErrorKind::timeout));
  CHECK(error.text.find("not within") == std::string::npos);
}

TEST_CASE("name server client: the object of a name") {
  for (const Dialect dialect : dialects) {
    NameServers objects;  // each its own: they are served by two threads
    NameServers servers;
    const LoopbackServer object({objects.handler(dialect)});
    const LoopbackServer server({servers.handler(dialect)});
    NameServerClient client(Proxy::connect(server.uri(), impatient(dialect)).value());
    REQUIRE(client.register_name("example", object.uri()).has_value());
    auto proxy = client.proxy("example");
    REQUIRE_MESSAGE(proxy.has_value(), proxy.error().text);
    CHECK(proxy->uri().text() == "PYRONAME:example@" + server.place());
    CHECK(proxy->place() == object.uri());
    CHECK(client.proxy("nobody").error().kind == ClientErrorKind::unknown_name);
    REQUIRE(client.register_name("alias", "PYRONAME:example").has_value());
    CHECK(client.proxy("alias").error().kind == ClientErrorKind::protocol);
  }
}

TEST_CASE("name server client: an object that is no name server") {
  const auto answering = [](const Value& value) {
    return [value](LoopbackPeer& peer) {
      shake_hands(peer, Dialect::pyro5);
      for (std::uint16_t sequence = 1; !peer.receive().empty(); ++sequence) {
        peer.send(result_bytes(Dialect::pyro5, value, sequence));
      }
    };
  };
  Dict strange;
  strange.add("x", make_tuple({"PYRO:o@h:1", 5}));
  const Value answers[] = {-1, "text", make_tuple({"PYRO:o@h:1", Tuple{}}), Value(strange)};
  for (const Value& answer : answers) {
    const LoopbackServer server({answering(answer)});
    auto client = connected(server, Dialect::pyro5, SerializerName::serpent);
    CHECK(client.count().error().kind == ClientErrorKind::protocol);
    CHECK(client.lookup("x").error().kind == ClientErrorKind::protocol);
    CHECK(client.list().error().kind == ClientErrorKind::protocol);
  }
}

}  // namespace hearth::test
