#include "protocol/host/object_host.h"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/pyro_peer.h"
#include "tests/support/served_object.h"

namespace hearth {
namespace {

constexpr std::size_t more_than_kernels_hold = 32U << 20U;
const std::string big_arguments = "[" + std::to_string(more_than_kernels_hold) + "]";

void shake_hands(ObjectServer& server, PyroPeer& peer) {
  bool done = false;
  run_beside(server.loop, [&] { done = peer.shake_hands(); });
  REQUIRE(done);
}

}  // namespace

TEST_CASE("host: serves calls on many connections and forgets those that close") {
  ObjectServer server;
  std::string answers;
  run_beside(server.loop, [&] {
    PyroPeer first(server.port);
    PyroPeer second(server.port);
    if (!first.shake_hands() || !second.shake_hands()) return;
    answers += first.call("echo", R"(["a"])").value_or("none");
    answers += second.call("echo", R"(["b"])").value_or("none");
    answers += first.call("echo", R"(["c"])").value_or("none");
  });
  CHECK(answers == R"("a""b""c")");
  server.wait_for_connections(0);
}

TEST_CASE("host: late answers reach their connection, in the order of its calls") {
  ObjectServer server;
  PyroPeer peer(server.port);
  peer.socket().send(connect_message() + call_message("later") + call_message("echo", R"(["second"])"));
  server.wait_for_calls(1);
  peer.socket().send(call_message("echo", R"(["third"])"));
  run_some_turns(server.loop);
  CHECK(server.object.calls == 1);

  server.object.answer_oldest("first");
  std::string answers;
  run_beside(server.loop, [&] {
    if (!peer.next_payload()) return;  // CONNECTOK
    for (int i = 0; i < 3; ++i) answers += peer.next_payload().value_or("none");
  });
  CHECK(answers == R"("first""second""third")");
}

TEST_CASE("host: a late answer to a peer that has gone goes nowhere") {
  ObjectServer server;
  PyroPeer peer(server.port);
  peer.socket().send(connect_message() + call_message("later"));
  server.wait_for_calls(1);
  peer.socket().reset();
  server.wait_for_connections(0);
  PyroPeer successor(server.port);
  server.wait_for_connections(1);
  server.object.answer_oldest("for the dead");
  std::optional<std::string> answer;
  run_beside(server.loop, [&] {
    if (successor.shake_hands()) answer = successor.call("echo", "[1]");
  });
  CHECK(answer == "1");
}

TEST_CASE("host: a peer that has finished sending still gets its late answer, then the end") {
  ObjectServer server;
  PyroPeer peer(server.port);
  peer.socket().send(connect_message() + call_message("later"));
  peer.socket().finish_writing();
  server.wait_for_calls(1);
  run_some_turns(server.loop);
  CHECK(server.host->connections() == 1);

  server.object.answer_oldest("worth the wait");
  std::optional<std::string> answer;
  bool ended = false;
  run_beside(server.loop, [&] {
    if (peer.next_payload()) answer = peer.next_payload();
    ended = peer.socket().sees_end();
  });
  CHECK(answer == R"("worth the wait")");
  CHECK(ended);
  CHECK(server.host->connections() == 0);
}

TEST_CASE("host: a reply larger than the kernel holds arrives whole, even to a peer that has finished sending") {
  ObjectServer server;
  PyroPeer peer(server.port);
  peer.socket().send(connect_message() + call_message("big", big_arguments));
  peer.socket().finish_writing();
  server.wait_for_calls(1);
  std::optional<std::string> answer;
  bool ended = false;
  run_beside(server.loop, [&] {
    if (peer.next_payload()) answer = peer.next_payload();
    ended = peer.socket().sees_end();
  });
  REQUIRE(answer);
  CHECK(answer->size() == more_than_kernels_hold + 2);
  CHECK(ended);
}

TEST_CASE("host: what the session says before it closes reaches a peer that is still sending") {
  ObjectServer server;
  PyroPeer peer(server.port);
  std::optional<std::string> reason;
  bool ended = false;
  run_beside(server.loop, [&] {
    peer.socket().send("GET / HTTP/1.1\r\nHost: somebody who is lost\r\n\r\n");
    peer.socket().send(pattern_bytes(1U << 20U));  // unread, it would turn our words into a reset
    reason = peer.next_payload();
    ended = peer.socket().sees_end();
    peer.socket().close();
  });
  REQUIRE(reason);
  CHECK(reason->find("invalid") != std::string::npos);
  CHECK(ended);
  server.wait_for_connections(0);
}

TEST_CASE("host: at connections_max new peers wait until somebody leaves, and those connected are served") {
  Limits limits;
  limits.connections_max = 2;
  ObjectServer server(limits);
  PyroPeer first(server.port);
  PyroPeer second(server.port);
  shake_hands(server, second);
  server.wait_for_connections(2);
  PyroPeer third(server.port);
  third.socket().send(connect_message() + call_message("echo", R"(["third"])"));
  std::optional<std::string> answer;
  run_beside(server.loop, [&] {
    if (first.shake_hands()) answer = first.call("echo", R"(["first"])");
  });
  CHECK(answer == R"("first")");
  CHECK(server.host->connections() == 2);
  CHECK(server.object.calls == 1);

  second.socket().close();
  run_beside(server.loop, [&] {
    if (third.next_payload()) answer = third.next_payload();
  });
  CHECK(answer == R"("third")");
}

TEST_CASE("host: at connections_max those who do not shake hands give way to others, those who have stay") {
  Limits limits;
  limits.connections_max = 3;
  limits.stranger_grace_ms = 50;
  ObjectServer server(limits);
  PyroPeer client(server.port);
  shake_hands(server, client);
  PyroPeer silent(server.port);
  PyroPeer silent_too(server.port);
  server.wait_for_connections(3);
  PyroPeer newcomer(server.port);
  std::string answers;
  bool ended = false;
  run_beside(server.loop, [&] {
    ended = silent.socket().sees_end();
    if (newcomer.shake_hands()) answers += newcomer.call("echo", R"(["new"])").value_or("none");
    answers += client.call("echo", R"(["old"])").value_or("none");
  });
  CHECK(ended);
  CHECK(answers == R"("new""old")");
}

TEST_CASE("host: a lower connections_max closes those who do not shake hands, and nobody else") {
  Limits limits;
  limits.connections_max = 20;
  limits.stranger_grace_ms = 20;
  ObjectServer server(limits);
  PyroPeer client(server.port);
  shake_hands(server, client);
  PyroPeer second(server.port);
  shake_hands(server, second);
  std::vector<std::unique_ptr<PyroPeer>> silent;
  for (int i = 0; i < 18; ++i) silent.push_back(std::make_unique<PyroPeer>(server.port));
  server.wait_for_connections(20);
  server.settings.limits.connections_max = 1;
  server.host->limits_changed();
  server.wait_for_connections(2);
  std::string answers;
  run_beside(server.loop, [&] {
    answers += client.call("echo", R"(["a"])").value_or("none");
    answers += second.call("echo", R"(["b"])").value_or("none");
  });
  CHECK(answers == R"("a""b")");
}

TEST_CASE("host: a source that has connections_per_source_max gets no more, but for those who have not shaken hands") {
  Limits limits;
  limits.connections_per_source_max = 2;
  ObjectServer server(limits);
  PyroPeer client(server.port);
  shake_hands(server, client);
  PyroPeer silent(server.port);
  server.wait_for_connections(2);
  PyroPeer second(server.port);
  bool silent_ended = false;
  run_beside(server.loop, [&] { silent_ended = silent.socket().sees_end(); });
  CHECK(silent_ended);
  shake_hands(server, second);
  PyroPeer third(server.port);
  bool third_ended = false;
  run_beside(server.loop, [&] { third_ended = third.socket().sees_end(); });
  CHECK(third_ended);
  CHECK(server.host->connections() == 2);
}

TEST_CASE("host: a source's calls share one budget, and come no faster when it is used up") {
  Limits limits;
  limits.source_calls_per_second_max = 20;  // a burst of 200
  ObjectServer server(limits);
  PyroPeer peer(server.port);
  constexpr int count = 210;
  const auto begin = server.loop.now_ms();
  int answered = 0;
  run_beside(server.loop, [&] {
    if (!peer.shake_hands()) return;
    while (answered < count && peer.call("echo", "[1]")) ++answered;
  });
  CHECK(answered == count);
  CHECK(server.loop.now_ms() - begin >= 400);  // not sooner, whatever the machine does
}

TEST_CASE("host: a higher connections_max lets in those who wait") {
  Limits limits;
  limits.connections_max = 1;
  ObjectServer server(limits);
  PyroPeer first(server.port);
  server.wait_for_connections(1);
  PyroPeer second(server.port);
  PyroPeer third(server.port);
  run_some_turns(server.loop);
  CHECK(server.host->connections() == 1);

  server.settings.limits.connections_max = 2;
  server.host->limits_changed();
  server.wait_for_connections(2);
  run_some_turns(server.loop);
  CHECK(server.host->connections() == 2);

  server.settings.limits.connections_max = 1;
  server.host->limits_changed();
  run_some_turns(server.loop);
  CHECK(server.host->connections() == 2);  // a lower one closes nobody
}

TEST_CASE("host: a peer that pipelines calls and takes no reply is not served further") {
  constexpr int calls = 200;
  Limits limits;
  limits.write_queue_bytes_max = 100000;
  limits.frame_timeout_ms = 50;
  ObjectServer server(limits);
  PyroPeer peer(server.port);
  std::string requests = connect_message();
  for (int i = 0; i < calls; ++i) requests += call_message("big", "[1000000]");
  peer.socket().send(requests);
  server.wait_for_calls(1);
  server.wait_for_connections(0);  // it took no byte
  CHECK(server.object.calls < calls / 2);
}

TEST_CASE("host: pipelined calls whose replies pass the bound are all answered if the peer takes them") {
  constexpr int calls = 60;
  Limits limits;
  limits.write_queue_bytes_max = 100000;
  ObjectServer server(limits);
  PyroPeer peer(server.port);
  std::string requests = connect_message();
  for (int i = 0; i < calls; ++i) requests += call_message("big", "[1000000]");
  peer.socket().send(requests);
  peer.socket().finish_writing();
  int answered = 0;
  run_beside(server.loop, [&] {
    if (!peer.next_payload()) return;
    while (const auto answer = peer.next_payload()) answered += answer->size() == 1000002 ? 1 : 0;
  });
  CHECK(answered == calls);
}

}  // namespace hearth
