// A real Pyro4 daemon that does what servers do to their clients: hang, die, close what is idle.
#include <doctest/doctest.h>

#include "tests/pyro4/programs.h"
#include "tests/support/temp_dir.h"

namespace hearth::test {

TEST_CASE("pyro4: a server that stops answering costs no more than the deadline") {
  const Daemon daemon;
  Proxy proxy = daemon.connect();
  CHECK(proxy.invoke("hang", {}, {}, {.timeout_ms = 20}).error().kind == ClientErrorKind::timeout);
  CHECK_FALSE(proxy.is_connected());
  CHECK(proxy.call<int>("add", 1, 2) == 3);  // on a new connection
}

TEST_CASE("pyro4: a server that dies, also in the middle of a reply") {
  for (const char* method : {"die", "die_in_the_reply"}) {
    const Daemon daemon;
    Proxy proxy = daemon.connect();
    CHECK(proxy.invoke(method).error().kind == ClientErrorKind::unreachable);
    CHECK_FALSE(proxy.is_connected());
    CHECK(proxy.invoke("add", {1, 2}).error().kind == ClientErrorKind::unreachable);
  }
}

TEST_CASE("pyro4: a server that closes idle connections is not noticed") {
  const TempDir directory;
  const Daemon tcp;
  const Daemon local({"--unix", directory / "s"});
  const Daemon multiplex({"--server-type", "multiplex"});
  for (const Daemon* daemon : {&tcp, &local, &multiplex}) {
    Proxy idle = daemon->connect();
    auto stream = or_throw(idle.open_stream("count_to", {10}));
    Proxy other = daemon->connect();
    CHECK(other.call<int>("close_others") == 1);
    CHECK(idle.call<int>("add", 1, 2) == 3);
    CHECK(idle.is_connected());
    CHECK(stream.next().error().kind == ClientErrorKind::unreachable);  // it belonged to the connection of before
  }
}

TEST_CASE("pyro4: a proxy that is released connects again when it is needed") {
  const Daemon daemon;
  Proxy proxy = daemon.connect();
  proxy.release();
  CHECK_FALSE(proxy.is_connected());
  CHECK(proxy.metadata().methods.contains("add"));
  CHECK(proxy.call<int>("add", 1, 2) == 3);
  CHECK(proxy.is_connected());
}

}  // namespace hearth::test
