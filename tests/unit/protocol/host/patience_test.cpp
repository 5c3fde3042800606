#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "protocol/host/object_host.h"
#include "tests/support/pyro_peer.h"
#include "tests/support/served_object.h"

namespace hearth {
namespace {

/// For tests in which somebody must make it in time on a machine under load.
constexpr std::uint32_t enough_for_the_good_ms = 300;

/// Limits under which every peer has this long for whatever it owes.
Limits impatient(std::uint32_t timeout_ms) {
  Limits limits;
  limits.handshake_timeout_ms = timeout_ms;
  limits.frame_timeout_ms = timeout_ms;
  limits.closing_timeout_ms = timeout_ms;
  return limits;
}

}  // namespace

TEST_CASE("patience: a silent peer is dropped before its handshake, an idle one after it is not") {
  ObjectServer server(impatient(enough_for_the_good_ms));
  PyroPeer idle(server.port);
  bool shook_hands = false;
  run_beside(server.loop, [&] { shook_hands = idle.shake_hands(); });
  REQUIRE(shook_hands);

  PyroPeer silent(server.port);
  PyroPeer slow_handshake(server.port);
  slow_handshake.socket().send(connect_message().substr(0, 30));
  bool silent_ended = false;
  bool slow_ended = false;
  run_beside(server.loop, [&] {
    silent_ended = silent.socket().sees_end();
    slow_ended = slow_handshake.socket().sees_end();
  });
  CHECK(silent_ended);
  CHECK(slow_ended);
  std::optional<std::string> answer;
  run_beside(server.loop, [&] { answer = idle.call("echo", R"(["still here"])"); });
  CHECK(answer == R"("still here")");
}

TEST_CASE(
    "patience: a peer that stalls inside a message is dropped, but not while its earlier call is ours to answer") {
  ObjectServer server(impatient(enough_for_the_good_ms));
  const Bytes call = call_message("echo", R"(["second"])");
  PyroPeer waiting(server.port);
  waiting.socket().send(connect_message() + call_message("later") + call.substr(0, 30));
  server.wait_for_calls(1);

  PyroPeer stalling(server.port);
  stalling.socket().send(connect_message() + call.substr(0, 30));
  bool stalling_ended = false;
  run_beside(server.loop, [&] {
    if (stalling.next_payload()) stalling_ended = stalling.socket().sees_end();
  });
  CHECK(stalling_ended);

  waiting.socket().send(call.substr(30));
  server.object.answer_oldest("first");
  std::string answers;
  run_beside(server.loop, [&] {
    if (!waiting.next_payload()) return;
    answers += waiting.next_payload().value_or("none");
    answers += waiting.next_payload().value_or("none");
  });
  CHECK(answers == R"("first""second")");
}

TEST_CASE("patience: a peer that takes no byte of its reply is dropped") {
  ObjectServer server(impatient(50));
  PyroPeer peer(server.port);
  peer.socket().send(connect_message() + call_message("big", "[33554432]"));
  server.wait_for_calls(1);
  server.wait_for_connections(0);
  std::optional<std::string> answer;
  if (peer.next_payload()) answer = peer.next_payload();
  CHECK(answer == std::nullopt);
}

TEST_CASE("patience: a peer that does not close after the last words is closed on") {
  ObjectServer server(impatient(30));
  PyroPeer peer(server.port);
  peer.socket().send("this is not the protocol you are looking for, not at all");
  bool heard_words = false;
  bool heard_end = false;
  run_beside(server.loop, [&] {
    heard_words = peer.next_payload().has_value();
    heard_end = peer.socket().sees_end();
  });
  CHECK(heard_words);
  CHECK(heard_end);
  server.wait_for_connections(0);
}

}  // namespace hearth
