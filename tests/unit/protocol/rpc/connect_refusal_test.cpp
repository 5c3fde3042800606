#include "protocol/rpc/connect_refusal.h"

#include <doctest/doctest.h>

#include <variant>

#include "protocol/rpc/client_session.h"

namespace hearth {
namespace {

/// What a client makes of the answer to its greeting.
std::string reason_for(Dialect dialect, const std::string& key) {
  ClientSession client({.dialect = dialect, .hmac_key = key});
  const auto greeting = client.connect("hello", "Pyro.NameServer");
  REQUIRE(greeting.has_value());
  client.receive(connect_refusal(*greeting, "not here", key));
  auto reply = client.next();
  REQUIRE(reply.has_value());
  REQUIRE(reply->has_value());
  REQUIRE(std::holds_alternative<Refused>(**reply));
  return std::get<Refused>(**reply).reason;
}

}  // namespace

TEST_CASE("connect refusal: a client of either dialect is told the reason") {
  CHECK(reason_for(Dialect::pyro4, "") == "not here");
  CHECK(reason_for(Dialect::pyro5, "") == "not here");
  CHECK(reason_for(Dialect::pyro4, "secret") == "not here");
}

TEST_CASE("connect refusal: strangers get no answer") {
  for (const BytesView greeting : {BytesView("GET / HTTP/1.1"), BytesView("PYRO"), BytesView(""), BytesView("PYRO99")})
    CHECK(connect_refusal(greeting, "not here", "").empty());
}

}  // namespace hearth
