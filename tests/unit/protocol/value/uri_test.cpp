#include <hearth/repr.h>
#include <hearth/uri.h>

#include "protocol/value/uri_state.h"

#include <doctest/doctest.h>

#include <string>

namespace hearth {
namespace {

/// "protocol|object|tags|socket|host|port", with '-' for what is None.
std::string parts(std::string_view text) {
  const auto uri = parse_uri(text);
  if (!uri) return uri.error().text;
  std::string tags;
  for (const std::string& tag : uri->tags) tags += "[" + tag + "]";
  return uri->protocol + "|" + uri->object + "|" + tags + "|" + uri->socket_path.value_or("-") + "|" +
         uri->host.value_or("-") + "|" + repr(uri->port);
}

std::string printed(std::string_view text) {
  const auto uri = parse_uri(text);
  return uri ? uri->text() : uri.error().text;
}

TEST_CASE("the three kinds of URI") {
  CHECK(parts("PYRO:obj_1@host:51294") == "PYRO|obj_1||-|host|51294");
  CHECK(parts("pyro:o@./u:/run/x.sock") == "PYRO|o||/run/x.sock|-|None");
  CHECK(parts("PyroName:some.name") == "PYRONAME|some.name||-|-|None");
  CHECK(parts("PYRONAME:n@host") == "PYRONAME|n||-|host|9090");
  CHECK(parts("PYRONAME:n@host:") == "PYRONAME|n||-|host|9090");
  CHECK(parts("PYRONAME:n@host:99") == "PYRONAME|n||-|host|99");
  CHECK(parts("PYROMETA:b,a,b,@host") == "PYROMETA||[][a][b]|-|host|9090");
  CHECK(parts("PYROMETA:a") == "PYROMETA||[a]|-|-|None");
}

TEST_CASE("what is no URI") {
  for (const char* text : {"", "PYRO", "PYRO:", "PYR:o@h:1", "XPYRO:o@h:1", "PYRO1:o@h:1", " PYRO:o@h:1", "PYRO:o",
                           "PYRO:o@", "PYRO:a b@h:1",
                           "PYRO:a\u2003"
                           "b@h:1",
                           "PYRO:\x1c@h:1", "PYRO:@h:1", "PYRO:o@h:1\n\n", "PYRO:o@h\n:1"}) {
    CAPTURE(text);
    CHECK(printed(text) == "invalid uri");
  }
  CHECK(printed("PYROLOC:o@h:1") == "invalid uri (protocol)");
  CHECK(printed("PYROLOC:o@[[") == "invalid uri (protocol)");
  CHECK(printed("PYRO:o@./u:") == "invalid uri (location)");
  CHECK(printed("PYRO:o@./u:a:b") == "invalid uri (location)");
  CHECK(parse_uri("PYRO:o").error().kind == ErrorKind::malformed);
}

TEST_CASE("the location starts at the first @ that leaves an object") {
  CHECK(parts("PYRO:a@b@c:1") == "PYRO|a||-|b@c|1");
  CHECK(parts("PYRO:@@h:1") == "PYRO|@||-|h|1");
  CHECK(parts("PYRONAME:@h") == "PYRONAME|@h||-|-|None");
  CHECK(parts("PYRONAME:a@") == "PYRONAME|a@||-|-|None");
  CHECK(parts("PYRO:a:b@h:1") == "PYRO|a:b||-|h|1");
  CHECK(parts("PYRO:é日\xed\xa0\x80@h:1") == "PYRO|é日\xed\xa0\x80||-|h|1");
  CHECK(parts("PYRO:o@my host:1") == "PYRO|o||-|my host|1");
}

TEST_CASE("one newline at the end is overlooked, as by Python's $") {
  CHECK(parts("PYRO:o@h:1\n") == "PYRO|o||-|h|1");
  CHECK(parts("PYRONAME:n\n") == "PYRONAME|n||-|-|None");
}

TEST_CASE("ports are Python's ints of any size") {
  CHECK(parts("PYRO:o@h: 1_0 ") == "PYRO|o||-|h|10");
  CHECK(parts("PYRO:o@h:٣٤") == "PYRO|o||-|h|34");
  CHECK(parts("PYRO:o@h:-5") == "PYRO|o||-|h|-5");
  CHECK(printed("PYRO:o@h:00099999999999999999999") == "PYRO:o@h:99999999999999999999");
  CHECK(printed("PYRO:o@h") == "invalid port in uri, port=None");
  CHECK(printed("PYRO:o@h:") == "invalid port in uri, port=None");
  CHECK(printed("PYRO:o@h:1:2") == "invalid port in uri, port=1:2");
  CHECK(printed("PYRONAME:o@h: ") == "invalid port in uri, port= ");
  CHECK(printed("PYRO:o@h:" + std::string(4301, '1')) == "invalid port in uri, port=" + std::string(4301, '1'));
}

TEST_CASE("only ports that TCP has are for connecting") {
  CHECK(parse_uri("PYRO:o@h:65535")->tcp_port() == 65535);
  CHECK(parse_uri("PYRO:o@h:1")->tcp_port() == 1);
  for (const char* text :
       {"PYRO:o@h:0", "PYRO:o@h:65536", "PYRO:o@h:-1", "PYRO:o@h:99999999999999999999", "PYRONAME:n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_uri(text)->tcp_port());
  }
}

TEST_CASE("IPv6 addresses stand in brackets, and what follows the match is overlooked") {
  CHECK(parts("PYRO:o@[::1]:90") == "PYRO|o||-|::1|90");
  CHECK(parts("PYRONAME:o@[fe80::1%25]") == "PYRONAME|o||-|fe80::1%25|9090");
  CHECK(parts("PYRO:o@[::1]:٩x") == "PYRO|o||-|::1|9");
  CHECK(parts("PYRONAME:o@[::1]:x") == "PYRONAME|o||-|::1|9090");
  CHECK(printed("PYRO:o@[::1]x:90") == "invalid port in uri, port=None");
  CHECK(printed("PYRO:o@[[::1]]:9") == "invalid ipv6 address: enclosed in too many brackets");
  for (const char* text : {"PYRO:o@[]:9", "PYRO:o@[::1", "PYRO:o@[host]:9", "PYRO:o@["}) {
    CAPTURE(text);
    CHECK(printed(text) == "invalid ipv6 address: the part between brackets must be a numeric ipv6 address");
  }
}

TEST_CASE("the text is canonical and parses to the same URI") {
  CHECK(printed("pyro:o@h:080") == "PYRO:o@h:80");
  CHECK(printed("pyro:o@[::1]:80") == "PYRO:o@[::1]:80");
  CHECK(printed("pyro:o@./u:s") == "PYRO:o@./u:s");
  CHECK(printed("pyrometa:b,a@h") == "PYROMETA:a,b@h:9090");
  CHECK(printed("PYRO:o@:90") == "PYRO:o");  // Pyro's location looks at the truth of the host
  for (const char* text : {"PYRO:o@h:1", "PYRO:o@[::1]:1", "PYRO:o@./u:s", "PYRONAME:n", "PYROMETA:a,b@h:1"}) {
    CAPTURE(text);
    CHECK(*parse_uri(printed(text)) == *parse_uri(text));
  }
}

TEST_CASE("the state of a URI object and back") {
  CHECK(repr(uri_state(*parse_uri("PYRO:o@h:1"))) == "('PYRO', 'o', None, 'h', 1)");
  CHECK(repr(uri_state(*parse_uri("PYRO:o@./u:s"))) == "('PYRO', 'o', 's', None, None)");
  CHECK(repr(uri_state(*parse_uri("PYROMETA:b,a"))) == "('PYROMETA', {'a', 'b'}, None, None, None)");
  for (const char* text : {"PYRO:o@h:1", "PYRO:o@:1", "PYRO:o@./u:s", "PYRONAME:n", "PYROMETA:a,b@[::1]:1"}) {
    CAPTURE(text);
    const Uri uri = *parse_uri(text);
    CHECK(*uri_from_state(uri_state(uri)) == uri);
  }
  const Value as_json_sends_it =
      make_list({"PYROMETA", make_list({"b", "a", "b"}), None{}, "h", Value(BigInt{"99999999999999999999"})});
  CHECK(uri_from_state(as_json_sends_it)->text() == "PYROMETA:a,b@h:99999999999999999999");
}

TEST_CASE("what is no state of a URI object") {
  const Value none;
  const auto state = [&](Value protocol, Value object, Value socket, Value host, Value port) {
    return uri_from_state(
        make_tuple({std::move(protocol), std::move(object), std::move(socket), std::move(host), std::move(port)}));
  };
  REQUIRE(state("PYRO", "o", none, "h", 1));
  CHECK_FALSE(state(1, "o", none, "h", 1));
  CHECK_FALSE(state("PYRO", make_set({"a"}), none, "h", 1));
  CHECK_FALSE(state("PYROMETA", "a", none, "h", 1));
  CHECK_FALSE(state("PYROMETA", make_set({1}), none, "h", 1));
  CHECK_FALSE(state("PYRO", "o", 1, none, none));
  CHECK_FALSE(state("PYRO", "o", none, ByteString{"h"}, 1));
  CHECK_FALSE(state("PYRO", "o", none, "h", "1"));
  CHECK_FALSE(state("PYRO", "o", none, "h", none));
  CHECK_FALSE(uri_from_state("PYRO:o@h:1"));
  CHECK_FALSE(uri_from_state(make_tuple({"PYRO", "o", none, "h"})));
  CHECK(uri_from_state(none).error().kind == ErrorKind::malformed);
}

}  // namespace
}  // namespace hearth
