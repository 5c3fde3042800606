// Requests in coroutines.
#include <hearth/uv/coroutine.h>

#include <hearth/exceptions.h>
#include <hearth/uv/event_loop.h>

#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "tests/pyro4/programs.h"
#include "tests/unit/client-lib/loopback_server.h"
#include "tests/unit/client-lib/uv/on_loop.h"

namespace hearth::test {
namespace {

uv::Coroutine register_and_look(uv::Client& client, NameServerPlace place, std::string& uri, uv::EventLoop& loop) {
  auto server = co_await client.locate(std::move(place));
  or_throw(co_await server->register_name("example", "PYRO:example@localhost:4444"));
  if (const auto nobody = co_await server->lookup("nobody"); !nobody)
    uri = or_throw(co_await server->lookup("example")).uri;
  loop.stop();
}

uv::Coroutine wait_for_nothing(uv::Proxy& proxy, bool& went_on) {
  static_cast<void>(co_await proxy.invoke("method"));
  went_on = true;
}

}  // namespace

TEST_CASE("uv coroutine: one request after the other") {
  const NameServerProgram program(NameServerProgram::Make::hearthd);
  uv::EventLoop loop;
  uv::Client client(loop.get());
  std::string uri;
  const auto running =
      register_and_look(client, {.host = "127.0.0.1", .port = static_cast<std::uint16_t>(program.port())}, uri, loop);
  CHECK_FALSE(running.is_done());
  loop.run();
  CHECK(running.is_done());
  CHECK(uri == "PYRO:example@localhost:4444");
}

TEST_CASE("uv coroutine: destroyed where it waits, it is never resumed") {
  OnLoop on_loop;
  const LoopbackServer server({[&](LoopbackPeer& peer) {
    static_cast<void>(peer.receive());
    on_loop.wake();
    peer.wait_for_end();
  }});
  bool went_on = false;
  {
    uv::Proxy proxy(on_loop.client(), server.uri("object"));
    std::optional<uv::Coroutine> running(wait_for_nothing(proxy, went_on));
    on_loop.run();
    running.reset();
    on_loop.run_one_turn();
  }
  on_loop.run_to_the_end();
  CHECK_FALSE(went_on);
}

}  // namespace hearth::test
