#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "protocol/host/object_host.h"
#include "tests/support/pyro_peer.h"
#include "tests/support/served_object.h"

namespace hearth {
namespace {

constexpr std::size_t more_than_kernels_hold = 32U << 20U;
const std::string big_arguments = "[" + std::to_string(more_than_kernels_hold) + "]";

/// Closes the host and counts how often it says so.
struct Closing {
  explicit Closing(ObjectServer& the_server) : server(the_server) {
    server.host->close([this] { ++times; });
    CHECK(times == 0);  // never from inside close()
  }
  void wait() {
    run_until(server.loop, [this] { return times > 0; });
    run_some_turns(server.loop);
    CHECK(times == 1);
    CHECK(server.host->connections() == 0);
  }
  ObjectServer& server;
  int times = 0;
};

}  // namespace

TEST_CASE("shutdown: phase one refuses new peers, reads nothing more, and answers the calls in flight") {
  ObjectServer server;
  PyroPeer peer(server.port);
  peer.socket().send(connect_message() + call_message("later"));
  server.wait_for_calls(1);
  server.host->stop_accepting();
  CHECK_FALSE(SocketPeer::tcp().connect(server.port));
  server.object.answer_oldest("in flight");
  peer.socket().send(call_message("echo", "[1]"));
  std::optional<std::string> answer;
  run_beside(server.loop, [&] {
    if (peer.next_payload()) answer = peer.next_payload();
  });
  CHECK(answer == R"("in flight")");
  run_some_turns(server.loop);
  CHECK(server.object.calls == 1);
  CHECK(server.host->connections() == 1);
}

TEST_CASE("shutdown: with nobody connected, and with idle peers only, it is over at once") {
  Limits limits;
  limits.shutdown_flush_ms = 1000000;
  ObjectServer empty(limits);
  Closing(empty).wait();

  ObjectServer server(limits);
  PyroPeer peer(server.port);
  server.wait_for_connections(1);
  Closing closing(server);
  CHECK(peer.socket().sees_end());
  closing.wait();
}

TEST_CASE("shutdown: what is unsent is sent first") {
  Limits limits;
  limits.shutdown_flush_ms = 1000000;
  ObjectServer server(limits);
  PyroPeer peer(server.port);
  peer.socket().send(connect_message() + call_message("big", big_arguments));
  server.wait_for_calls(1);
  Closing closing(server);
  run_some_turns(server.loop);
  CHECK(closing.times == 0);
  std::optional<std::string> answer;
  run_beside(server.loop, [&] {
    if (peer.next_payload()) answer = peer.next_payload();
  });
  REQUIRE(answer);
  CHECK(answer->size() == more_than_kernels_hold + 2);
  closing.wait();
}

TEST_CASE("shutdown: calls that wait behind unsent output are not started any more") {
  Limits limits;
  limits.shutdown_flush_ms = 1000000;
  ObjectServer server(limits);
  PyroPeer peer(server.port);
  const Bytes big = call_message("big", big_arguments);
  peer.socket().send(connect_message() + big + call_message("later") + call_message("later"));
  server.wait_for_calls(1);
  Closing closing(server);
  run_beside(server.loop, [&] { peer.socket().receive_until_end(); });
  closing.wait();
  CHECK(server.object.calls == 1);
  CHECK(server.object.waiting.empty());
}

TEST_CASE("shutdown: a call in flight is answered even if the host is closed before that") {
  Limits limits;
  limits.shutdown_flush_ms = 1000000;
  ObjectServer server(limits);
  PyroPeer peer(server.port);
  peer.socket().send(connect_message() + call_message("later"));
  server.wait_for_calls(1);
  Closing closing(server);
  run_some_turns(server.loop);
  CHECK(closing.times == 0);
  server.object.answer_oldest("in flight");
  std::optional<std::string> answer;
  run_beside(server.loop, [&] {
    if (peer.next_payload()) answer = peer.next_payload();
  });
  CHECK(answer == R"("in flight")");
  closing.wait();
}

TEST_CASE("shutdown: a peer that does not read cannot hold it up") {
  Limits limits;
  limits.shutdown_flush_ms = 20;
  ObjectServer server(limits);
  PyroPeer peer(server.port);
  peer.socket().send(connect_message() + call_message("big", big_arguments));
  server.wait_for_calls(1);
  Closing(server).wait();
}

TEST_CASE("shutdown: the host may be destroyed from inside its last callback, or without being closed") {
  ObjectServer server;
  PyroPeer peer(server.port);
  server.wait_for_connections(1);
  server.host->close([&] {
    server.host.reset();
    server.loop.stop();
  });
  run_until(server.loop, [&] { return server.host == nullptr; });

  ObjectServer abandoned;
  PyroPeer other(abandoned.port);
  other.socket().send(connect_message());
  abandoned.wait_for_connections(1);
  abandoned.host.reset();
  CHECK(other.socket().receive_until_end().size() < 100000);  // it ends
}

}  // namespace hearth
