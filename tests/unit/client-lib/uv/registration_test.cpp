// Registrations that stay true on a loop: renewed after a restart, removed at the end, silent once they are gone.
#include <hearth/uv/registration.h>

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <vector>

#include "tests/pyro4/programs.h"
#include "tests/unit/client-lib/uv/on_loop.h"

namespace hearth::test {
namespace {

using uv::RegistrationState;
using Program = NameServerProgram;

const NameEntry entry{"example", "PYRO:example@localhost:4444", {"tag"}};

uv::RegistrationOptions at(int port) {
  return {.name_server = {.host = "127.0.0.1", .port = static_cast<std::uint16_t>(port)}};
}

ClientSettings impatient() {
  ClientSettings settings;
  settings.retry_wait_ms = 1;
  settings.retry_wait_ms_max = 5;
  return settings;
}

/// What the registration told, which also stops the loop.
struct Heard {
  explicit Heard(OnLoop& on_loop) : on_loop_(on_loop) {}

  uv::Registration::OnChange listener() {
    return [this](RegistrationState state, const ClientResult<void>&) {
      states.push_back(state);
      on_loop_.stop();
    };
  }
  void wait_for(RegistrationState wanted) {
    while (states.empty() || states.back() != wanted) on_loop_.run();
  }

  std::vector<RegistrationState> states;

 private:
  OnLoop& on_loop_;
};

}  // namespace

TEST_CASE("uv registration: stands, is renewed at a server that has forgotten it, and goes with its object") {
  auto program = std::make_unique<Program>(Program::Make::hearthd);
  const int port = program->port();
  OnLoop on_loop(impatient());
  Heard heard(on_loop);
  auto registration = std::make_unique<uv::Registration>(on_loop.client(), entry, at(port), heard.listener());
  CHECK(registration->state() == RegistrationState::pending);
  heard.wait_for(RegistrationState::registered);
  CHECK(program->connect().lookup("example").value() == entry);

  program.reset();
  heard.wait_for(RegistrationState::lost);
  program = std::make_unique<Program>(Program::Make::hearthd, port);
  heard.wait_for(RegistrationState::registered);
  NameServerClient other = program->connect();
  CHECK(other.lookup("example").value() == entry);

  registration.reset();
  on_loop.run_to_the_end();
  CHECK(other.wait_for_name("Pyro.NameServer", 1000).has_value());
  while (other.lookup("example").has_value()) continue;  // the farewell is not answered
  CHECK(heard.states ==
        std::vector{RegistrationState::registered, RegistrationState::lost, RegistrationState::registered});
}

TEST_CASE("uv registration: removed on request, which is answered") {
  const Program program(Program::Make::hearthd);
  OnLoop on_loop(impatient());
  Heard heard(on_loop);
  uv::Registration registration(on_loop.client(), entry, at(program.port()), heard.listener());
  heard.wait_for(RegistrationState::registered);
  CHECK(on_loop.answer_to(registration.remove()).has_value());
  CHECK(registration.state() == RegistrationState::removed);
  CHECK(program.connect().lookup("example").error().kind == ClientErrorKind::unknown_name);
}

TEST_CASE("uv registration: it does not fight") {
  const Program program(Program::Make::hearthd);
  NameServerClient other = program.connect();
  OnLoop on_loop(impatient());
  Heard heard(on_loop);
  uv::RegistrationOptions options = at(program.port());
  options.check_ms = 1;
  uv::Registration registration(on_loop.client(), entry, options, heard.listener());
  heard.wait_for(RegistrationState::registered);
  CHECK(other.register_name("example", "PYRO:other@localhost:1").has_value());
  heard.wait_for(RegistrationState::taken);
  CHECK(other.remove("example").value() == 1);
  heard.wait_for(RegistrationState::registered);
}

TEST_CASE("uv registration: what is no URI is refused; what is gone tells nothing") {
  const Program program(Program::Make::hearthd);
  OnLoop on_loop(impatient());
  Heard heard(on_loop);
  const uv::Registration refused(on_loop.client(), {"example", "no uri", {}}, at(program.port()), heard.listener());
  heard.wait_for(RegistrationState::refused);
  heard.states.clear();
  for (const bool after_a_turn : {false, true}) {
    const auto registration =
        std::make_unique<uv::Registration>(on_loop.client(), entry, at(program.port()), heard.listener());
    if (after_a_turn) on_loop.run_one_turn();
  }
  on_loop.run_to_the_end();
  CHECK(heard.states.empty());
}

TEST_CASE("uv registration: a callback may end it") {
  const Program program(Program::Make::hearthd);
  OnLoop on_loop(impatient());
  std::optional<uv::Registration> registration;
  registration.emplace(on_loop.client(), entry, at(program.port()),
                       [&](RegistrationState, const ClientResult<void>&) { registration.reset(); });
  on_loop.run_to_the_end();
  CHECK_FALSE(registration.has_value());
}

}  // namespace hearth::test
