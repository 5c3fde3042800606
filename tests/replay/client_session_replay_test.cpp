// The recorded conversations from the client's side: our session asks what the Python client asked, and
// reads what the real servers answered.
#include <doctest/doctest.h>

#include <memory>

#include "protocol/rpc/client_session.h"
#include "protocol/rpc/dialect_map.h"
#include "protocol/wire/compression.h"
#include "tests/support/wire_vectors.h"

namespace hearth::test {
namespace {

CallValue call_in(Message request) {
  if (request.flags.compressed) request.payload = inflate(request.payload, 1U << 20U).value();
  const auto name = serializer_of(request.dialect, request.serializer_id);
  return serializer(*name).load_call(request.payload, {}).value();
}

/// Plays the client of one connection after the other.
class ClientReplay {
 public:
  /// What our session sends in the recorded request's place.
  Bytes ask(const Message& recorded) {
    const auto name = serializer_of(recorded.dialect, recorded.serializer_id);
    if (recorded.type == MessageType::connect) {
      session_ = std::make_unique<ClientSession>(
          ClientSessionSettings{.dialect = recorded.dialect, .serializer = *name, .correlation = recorded.correlation});
      sequence_before_ = recorded.sequence;
      const Value data = payload_of(recorded);
      const Dict& parts = *data.as<Dict>();
      return session_->connect(*parts.find("handshake"), *parts.find("object")->as_str()).value();
    }
    return session_->invoke(call_in(recorded), {.oneway = recorded.flags.oneway, .batch = recorded.flags.batch})
        .value();
  }

  Reply read(BytesView bytes) {
    if (sequence_before_ == 0) {
      session_->receive(bytes);
    } else {
      Message moved = messages_of(bytes).front();
      moved.sequence = in_session(moved.sequence);
      Bytes moved_bytes;
      append_message(moved_bytes, std::move(moved), "");
      session_->receive(moved_bytes);
    }
    auto reply = session_->next();
    REQUIRE_MESSAGE(reply.has_value(), reply.error().text);
    REQUIRE(reply->has_value());
    return std::move(**reply);
  }

  /// A Python proxy that reconnects goes on counting; our sessions are new ones.
  [[nodiscard]] std::uint16_t in_session(std::uint16_t sequence) const {
    return static_cast<std::uint16_t>(sequence - sequence_before_);
  }

 private:
  std::unique_ptr<ClientSession> session_;
  std::uint16_t sequence_before_ = 0;
};

void check_same_request(const Message& ours, const Message& recorded, std::uint16_t sequence) {
  CHECK(ours.type == recorded.type);
  CHECK(ours.serializer_id == recorded.serializer_id);
  CHECK(ours.sequence == sequence);
  CHECK(ours.flags.oneway == recorded.flags.oneway);
  CHECK(ours.flags.batch == recorded.flags.batch);
  CHECK(ours.flags.meta_on_connect == recorded.flags.meta_on_connect);
  CHECK(in_canonical_order(payload_of(ours)) == in_canonical_order(payload_of(recorded)));
}

void check_reply(const Reply& reply, const Message& recorded) {
  const Value said = payload_of(recorded);
  if (recorded.type == MessageType::connect_fail) {
    CHECK(Value(std::get<Refused>(reply).reason) == said);
  } else if (recorded.type == MessageType::connect_ok) {
    const auto& connected = std::get<Connected>(reply);
    CHECK(connected.handshake == *said.as<Dict>()->find("handshake"));
    CHECK(connected.metadata == *said.as<Dict>()->find("meta"));
  } else if (recorded.flags.exception) {
    CHECK(std::get<CallResult>(reply).error().args == *said.as<Dict>()->find("args")->as_items());
  } else if (recorded.flags.batch) {
    const auto& results = std::get<BatchResults>(reply);
    REQUIRE(results.size() == said.as_items()->size());
    CHECK(results.front().value() == said.as_items()->front());
    CHECK_FALSE(results.back().has_value());
  } else {
    CHECK(std::get<CallResult>(reply).value() == said);
  }
}

}  // namespace

TEST_CASE("client session: what real clients asked and real servers answered") {
  ClientReplay client;
  int replies = 0;
  for (const WireRecord& record : load_wire_records()) {
    CAPTURE(record.serializer);
    CAPTURE(record.scenario);
    for (std::size_t i = 0; i < record.requests.size(); ++i) {
      const Message request = messages_of(record.requests[i]).front();
      // Pickle is nothing of ours, and a ping is not among what this session says.
      const bool is_ours = request.type == MessageType::connect || request.type == MessageType::invoke;
      const auto spoken = serializer_of(request.dialect, request.serializer_id);
      if (!is_ours || !spoken || is_pickle(*spoken)) continue;
      const Message ours = messages_of(client.ask(request)).front();
      check_same_request(ours, request, client.in_session(request.sequence));
      if (request.flags.oneway) continue;
      const Message reply = messages_of(record.replies[i]).front();
      check_reply(client.read(record.replies[i]), reply);
      ++replies;
    }
  }
  CHECK(replies > 670);
}

}  // namespace hearth::test
