// Corners of PYRO.md section 4 that the recorded conversations do not touch. Expectations: Pyro4.naming.NameServer called with
// the same arguments; for Pyro5, PYRO.md.
#include "nameserver/registry/name_server_object.h"

#include <doctest/doctest.h>

#include "protocol/rpc/class_dicts.h"
#include "tests/support/pyro_client.h"
#include "tests/support/scripted_name_server.h"
#include "tests/support/wire_vectors.h"

namespace hearth::test {
namespace {

struct Talk {
  explicit Talk(Dialect dialect)
      : Talk(std::make_shared<ScriptedNameServer>("PYRO:Pyro.NameServer@localhost:9090"), dialect) {}
  Talk(std::shared_ptr<ScriptedNameServer> shared, Dialect dialect) : server(std::move(shared)), client(dialect) {
    connection = server->connect();
    static_cast<void>(server->exchange(connection, client.connect()));
  }

  CallResult call(const std::string& method, std::vector<Value> args = {}, Dict kwargs = {}) {
    const auto replies =
        messages_of(server->exchange(connection, client.call(method, std::move(args), std::move(kwargs))));
    REQUIRE(replies.size() == 1);
    Value value = payload_of(replies.front());
    if (!replies.front().flags.exception) return value;
    return tl::unexpected<RemoteException>(exception_from_value(value).value());
  }

  std::string error(const std::string& method, std::vector<Value> args = {}, Dict kwargs = {}) {
    const CallResult result = call(method, std::move(args), std::move(kwargs));
    REQUIRE_FALSE(result.has_value());
    return result.error().type + ": " + result.error().text();
  }

  void put(const std::string& name, std::vector<Value> tags = {}) {
    REQUIRE(call("register", {name, "PYRO:o@h:1", false, make_list(std::move(tags))}).has_value());
  }

  std::shared_ptr<ScriptedNameServer> server;
  PyroClient client;
  ConnectionId connection = 0;
};

Dict keyword(const std::string& name, Value value) {
  Dict dict;
  dict.add(name, std::move(value));
  return dict;
}

constexpr Dialect dialects[] = {Dialect::pyro4, Dialect::pyro5};

}  // namespace

TEST_CASE("lookups with something else than text fail as Python's do") {
  Talk talk(Dialect::pyro4);
  CHECK(talk.error("lookup", {5}) == "builtins.TypeError: can only concatenate str (not \"int\") to str");
  CHECK(talk.error("lookup", {1.5}) == "builtins.TypeError: can only concatenate str (not \"float\") to str");
  CHECK(talk.error("lookup", {make_list({1})}) == "builtins.TypeError: unhashable type: 'list'");
  CHECK(talk.error("lookup", {make_tuple({"a"})}) ==
        "builtins.TypeError: can only concatenate str (not \"tuple\") to str");
  CHECK(talk.error("lookup", {uri_value(parse_uri("PYRO:a@b:1").value(), Dialect::pyro4)}) ==
        "builtins.TypeError: can only concatenate str (not \"URI\") to str");
}

TEST_CASE("register checks the URI, then the name, then the metadata") {
  for (const Dialect dialect : dialects) {
    Talk talk(dialect);
    CHECK(talk.error("register", {5, 5, false, "m"}) == "builtins.TypeError: only URIs or strings can be registered");
    CHECK(talk.error("register", {5, "nonsense", false, "m"}) == "PyroError: invalid uri");
    CHECK(talk.error("register", {5, "PYRO:o@h:1", false, "m"}) == "builtins.TypeError: name must be a str");
    CHECK(talk.error("register", {"n", "PYRO:o@h:1", false, make_list({make_list({1})})}) ==
          "builtins.TypeError: unhashable type: 'list'");
    CHECK(talk.error("register", {"n", "PYRO:o@h:1", false, 1.5}) ==
          "builtins.TypeError: 'float' object is not iterable");
    CHECK(talk.server->index().size() == 1);
  }
}

TEST_CASE("metadata that is false passes in Pyro4 and is a TypeError in Pyro5") {
  CHECK(Talk(Dialect::pyro4).call("register", {"n", "PYRO:o@h:1", false, 0}).has_value());
  CHECK(Talk(Dialect::pyro5).error("register", {"n", "PYRO:o@h:1", false, 0}) ==
        "builtins.TypeError: 'int' object is not iterable");
}

TEST_CASE("URIs are stored verbatim, parsed only when looked up") {
  Talk talk(Dialect::pyro5);
  REQUIRE(talk.call("register", {"n", "pyro:o@h: 0_7 "}).has_value());
  CHECK(talk.server->index().find("n")->uri() == "pyro:o@h: 0_7 ");
  CHECK(*talk.call("lookup", {"n"}) == uri_value(parse_uri("PYRO:o@h:7").value(), Dialect::pyro5));
  CHECK(*talk.call("register", {"", "PYRO:o@h:99999999999999999999"}) == Value());
  CHECK(talk.call("lookup", {""}).has_value());
}

TEST_CASE("text that no database can hold is refused") {
  Talk talk(Dialect::pyro4);
  const std::string surrogate = "\xED\xA0\x80";
  for (std::vector<Value> args :
       {std::vector<Value>{surrogate, "PYRO:o@h:1"}, std::vector<Value>{"n", "PYRO:" + surrogate + "@h:1"},
        std::vector<Value>{"n", "PYRO:o@h:1", false, make_list({surrogate})}}) {
    CHECK(talk.error("register", std::move(args)).starts_with("builtins.ValueError: "));
  }
  CHECK(talk.error("lookup", {surrogate}).starts_with("NamingError: unknown name: "));
}

TEST_CASE(
    "what is longer or more than the limits is refused, at the limit it is taken, and the server says which limit") {
  for (const Dialect dialect : dialects) {
    Talk talk(dialect);
    const Limits limits;
    const std::string name(limits.name_bytes_max, 'n');
    const std::string uri = "PYRO:" + std::string(limits.uri_bytes_max - 9, 'o') + "@h:1";
    REQUIRE(uri.size() == limits.uri_bytes_max);
    std::vector<Value> tags{std::string(limits.tag_bytes_max, 't')};
    for (std::uint32_t i = 1; i < limits.tags_per_name_max; ++i) tags.emplace_back("tag" + std::to_string(i));
    CHECK(talk.call("register", {name, uri, false, make_list(tags)}).has_value());
    CHECK(talk.call("set_metadata", {name, make_list(tags)}).has_value());

    CHECK(talk.error("register", {name + "n", "PYRO:o@h:1"}) ==
          "builtins.ValueError: name is 65537 bytes long, this server takes 65536 (name-bytes-max)");
    CHECK(talk.error("register", {"n", "PYRO:o" + uri.substr(5)}) ==
          "builtins.ValueError: uri is 1048577 bytes long, this server takes 1048576 (uri-bytes-max)");
    CHECK(talk.error("set_metadata", {name, make_list({std::string(limits.tag_bytes_max + 1, 't')})}) ==
          "builtins.ValueError: metadata tag is 65537 bytes long, this server takes 65536 (tag-bytes-max)");
    tags.emplace_back("one more");
    CHECK(talk.error("register", {"n", "PYRO:o@h:1", false, make_list(tags)}) ==
          "builtins.ValueError: 10001 metadata tags, this server takes 10000 for one name (tags-per-name-max)");
    CHECK(talk.server->index().size() == 2);
  }
}

TEST_CASE("a full name server takes no new name, but changes those it has") {
  Talk talk(Dialect::pyro4);
  talk.put("a");
  talk.server->limits().names_max = 2;  // with the name server's own
  CHECK(talk.error("register", {"b", "PYRO:o@h:1"}) ==
        "NamingError: no room for another name: 2 are registered (names-max)");
  talk.put("a", {"tag"});
  CHECK(talk.call("remove", {"a"}).value() == Value(1));
  talk.put("b");
}

TEST_CASE("Pyro4 counts filters that are not None, Pyro5 those that are true") {
  Talk pyro4(Dialect::pyro4);
  pyro4.put("a", {"t"});
  CHECK(pyro4.error("list", {"", "x"}) == "builtins.ValueError: you can only filter on one thing at a time");
  CHECK(pyro4.call("list", {}, keyword("metadata_all", make_list({})))->as<Dict>()->items.size() == 2);
  CHECK(pyro4.error("list", {Value(), Value(), 5}) == "builtins.TypeError: 'int' object is not iterable");
  CHECK(pyro4.error("yplookup") == "builtins.AttributeError: 'NameServer' object has no attribute 'yplookup'");
  Talk pyro5(pyro4.server, Dialect::pyro5);
  CHECK(pyro5.call("list", {"", "a"})->as<Dict>()->items.size() == 1);
  CHECK(pyro5.error("list", {"a", "a"}) == "builtins.ValueError: you can only filter on one thing at a time");
  CHECK(*pyro5.call("yplookup", {make_list({})}) == Value(Dict{}));
  CHECK(pyro5.call("yplookup", {make_list({}), make_list({"t"}), false})->as<Dict>()->items.size() == 1);
  CHECK(pyro5.error("yplookup", {Value(), "t"}).find("metadata_any should not be a str") != std::string::npos);
}

TEST_CASE("a tag that is no text matches nothing, an unhashable one is an error") {
  Talk talk(Dialect::pyro4);
  talk.put("a", {"t"});
  CHECK(talk.call("list", {}, keyword("metadata_all", make_list({"t", 5})))->as<Dict>()->items.empty());
  CHECK(talk.call("list", {}, keyword("metadata_any", make_list({"t", 5})))->as<Dict>()->items.size() == 1);
  CHECK(talk.error("list", {}, keyword("metadata_any", make_list({make_list({1})}))) ==
        "builtins.TypeError: unhashable type: 'list'");
}

TEST_CASE("remove with an unknown name: Pyro4 goes on to the pattern, Pyro5 answers 0") {
  Talk pyro4(Dialect::pyro4);
  pyro4.put("a1");
  pyro4.put("a2");
  Talk pyro5(pyro4.server, Dialect::pyro5);
  CHECK(*pyro5.call("remove", {"unknown", "a"}) == Value(0));
  CHECK(*pyro4.call("remove", {"unknown", "a1"}) == Value(1));
  CHECK(*pyro5.call("remove", {"Pyro.NameServer", "a"}) == Value(1));
  CHECK(*pyro4.call("remove", {5}) == Value(0));
  CHECK(*pyro4.call("remove", {""}) == Value(0));
  CHECK(pyro4.error("remove", {make_list({1})}) == "builtins.TypeError: unhashable type: 'list'");
  CHECK(pyro4.error("remove", {Value(), 5}) ==
        "builtins.TypeError: startswith first arg must be str or a tuple of str, not int");
  CHECK(pyro4.error("remove", {Value(), Value(), 5}) ==
        "builtins.TypeError: first argument must be string or compiled pattern");
  CHECK(pyro4.server->index().size() == 1);
}

TEST_CASE("a removal by pattern is one change, and never takes the name server") {
  Talk talk(Dialect::pyro5);
  for (int i = 0; i < 5; ++i) talk.put("n" + std::to_string(i));
  const int commits = talk.server->commits();
  CHECK(*talk.call("remove", {Value(), Value(), ".*"}) == Value(5));
  CHECK(talk.server->commits() == commits + 1);
  CHECK(talk.server->index().find("Pyro.NameServer") != nullptr);
}

TEST_CASE("a removal by prefix inside a batch sees the registrations before it") {
  Talk talk(Dialect::pyro5);
  const auto replies = messages_of(talk.server->exchange(
      talk.connection,
      talk.client.batch({{"register", {"a1", "PYRO:o@h:1"}}, {"remove", {Value(), "a"}}, {"count", {}}})));
  CHECK(payload_of(replies.front()) == make_list({Value(), 1, 1}));
}

TEST_CASE("a tuple of prefixes is what str.startswith takes") {
  Talk talk(Dialect::pyro4);
  for (const char* name : {"a1", "a2", "b1", "c1"}) talk.put(name);
  CHECK(talk.call("list", {make_tuple({"b", "a", "a1"})})->as<Dict>()->items.size() == 3);
  CHECK(talk.error("list", {make_tuple({"a", 5})}) ==
        "builtins.TypeError: tuple for startswith must only contain str, not int");
  CHECK(talk.error("list", {make_list({"a"})}) ==
        "builtins.TypeError: startswith first arg must be str or a tuple of str, not list");
}

TEST_CASE("bytes are a collection of ints, not of tags") {
  Talk talk(Dialect::pyro4);
  CHECK(talk.error("register", {"n", "PYRO:o@h:1", false, ByteString{"abc"}}) ==
        "builtins.TypeError: metadata tags must be str, not int");
  CHECK(talk.call("list", {}, keyword("metadata_any", ByteString{"abc"}))->as<Dict>()->items.empty());
}

TEST_CASE("an exploding regex is an error, and the server goes on") {
  Talk talk(Dialect::pyro4);
  talk.put(std::string(40, 'a') + "!");
  CHECK(talk.error("list", {Value(), "(a+)+$"}).starts_with("NamingError: regex refused: "));
  CHECK(talk.call("count").has_value());
}

TEST_CASE("each dialect sees the class tag of its own name server, and may search for either") {
  Talk pyro4(Dialect::pyro4);
  Talk pyro5(pyro4.server, Dialect::pyro5);
  const std::string tag4(name_server_class_tag(Dialect::pyro4));
  const std::string tag5(name_server_class_tag(Dialect::pyro5));
  const Value own = make_tuple(
      {uri_value(parse_uri("PYRO:Pyro.NameServer@localhost:9090").value(), Dialect::pyro4), make_list({tag4})});
  CHECK(*pyro4.call("lookup", {"Pyro.NameServer", true}) == own);
  CHECK(pyro5.call("lookup", {"Pyro.NameServer", true})->as_items()->back() == make_set({tag5}));
  CHECK(pyro4.call("list", {}, keyword("metadata_all", make_list({tag4})))->as<Dict>()->items.size() == 1);
  CHECK(pyro5.call("yplookup", {make_list({tag5})})->as<Dict>()->items.size() == 1);
}

TEST_CASE("a registration that others cannot call is accepted, with a word to the operator") {
  for (const Dialect dialect : dialects) {
    Talk talk(dialect);  // its client is on another machine
    REQUIRE(talk.call("register", {"good", "PYRO:o@192.0.2.7:1"}).has_value());
    CHECK(talk.server->warnings().empty());
    REQUIRE(talk.call("register", {"lost", "PYRO:o@localhost:1"}).has_value());
    REQUIRE(talk.server->warnings().size() == 1);
    CHECK(
        talk.server->warnings().front().starts_with("c#1 192.0.2.7:50123 registered 'lost' as 'PYRO:o@localhost:1': "));
    CHECK(talk.call("list", {"lost"})->as<Dict>()->items.size() == 1);
  }
}

TEST_CASE("a registration that is refused is not worth a warning") {
  Talk talk(Dialect::pyro5);
  talk.put("taken");
  CHECK(talk.error("register", {"taken", "PYRO:o@localhost:1", true}) == "NamingError: name already registered: taken");
  CHECK(talk.server->warnings().empty());
}

}  // namespace hearth::test
