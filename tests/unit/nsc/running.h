/// Runs a command of nsc as main() would, against a scripted server.
#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "nsc/command_functions.h"
#include "tests/unit/client-lib/pyro_handlers.h"

namespace hearth::nsc {

struct User {
  std::optional<std::string> types = std::nullopt;  ///< to a question; nullopt: nobody is there
  bool says_yes = false;
  bool wants_json = false;
  std::vector<std::string> arguments = {};
  CommandOptions options = {};
  Draw draw = nullptr;
};

struct Ending {
  Report report;
  std::string question;  ///< empty: none was put
};

/// Runs the command with a name server that takes the connections of `handlers`, the first of them for the name server itself.
inline Ending run_with(Report (*command)(const Request&, NameServerClient&),
                       std::vector<test::LoopbackServer::Handler> handlers, const User& user) {
  const test::LoopbackServer server(std::move(handlers));
  auto proxy = Proxy::connect(server.uri(), {});
  REQUIRE(proxy.has_value());
  NameServerClient name_server(std::move(*proxy));
  Ending ending;
  const Ask ask = [&](std::string_view question) {
    ending.question = question;
    return user.types;
  };
  const NameServerPlace place;
  const ClientSettings settings;
  const Request request{place, settings, user.arguments, user.wants_json, user.says_yes, ask, user.draw, user.options};
  ending.report = command(request, name_server);
  return ending;
}

/// The same for a command that asks `hearthd` on a connection of its own.
inline Ending run_as_admin(Report (*command)(const Request&, NameServerClient&), test::LoopbackServer::Handler hearthd,
                           const User& user) {
  const auto greet_only = [](test::LoopbackPeer& peer) { test::shake_hands(peer, Dialect::pyro5); };
  return run_with(command, {greet_only, std::move(hearthd)}, user);
}

}  // namespace hearth::nsc
