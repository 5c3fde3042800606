/// PyroClient: builds the requests of a Pyro client of either dialect, for tests that talk to a ServerSession.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "protocol/base/check.h"
#include "protocol/rpc/dialect_map.h"
#include "protocol/serial/serializer.h"
#include "protocol/wire/message.h"

namespace hearth::test {

class PyroClient {
 public:
  explicit PyroClient(Dialect dialect, SerializerName serializer = SerializerName::serpent)
      : dialect_(dialect), serializer_(serializer) {}

  std::string hmac_key = {};

  [[nodiscard]] Message message(MessageType type, MessageFlags flags, Bytes payload) {
    Message made;
    made.dialect = dialect_;
    made.type = type;
    made.serializer_id = wire_id(dialect_, serializer_);
    made.flags = flags;
    made.sequence = sequence_++;
    made.payload = std::move(payload);
    return made;
  }

  [[nodiscard]] Bytes bytes_of(Message made) const {
    Bytes bytes;
    append_message(bytes, std::move(made), hmac_key);
    return bytes;
  }

  [[nodiscard]] Bytes connect(const std::string& object = "Pyro.NameServer", Value handshake = "hello") {
    Dict data;
    data.add("handshake", std::move(handshake));
    data.add("object", object);
    return bytes_of(message(MessageType::connect, {.meta_on_connect = dialect_ == Dialect::pyro4}, dumped(data)));
  }

  [[nodiscard]] Bytes call(const std::string& method, std::vector<Value> args = {}, Dict kwargs = {},
                           MessageFlags flags = {}) {
    return bytes_of(call_message({"Pyro.NameServer", method, make_tuple(std::move(args)), std::move(kwargs)}, flags));
  }

  [[nodiscard]] Bytes oneway(const std::string& method, std::vector<Value> args = {}) {
    return call(method, std::move(args), {}, {.oneway = true});
  }

  /// Calls of (method, args).
  [[nodiscard]] Bytes batch(const std::vector<std::pair<std::string, std::vector<Value>>>& calls, bool oneway = false) {
    std::vector<Value> items;
    for (const auto& [method, args] : calls) items.push_back(make_tuple({method, make_tuple(args), Dict{}}));
    return bytes_of(call_message({"Pyro.NameServer", "<batch>", make_list(std::move(items)), Value()},
                                 {.oneway = oneway, .batch = true}));
  }

  [[nodiscard]] Message call_message(CallValue call, MessageFlags flags) {
    Bytes payload;
    HEARTH_CHECK(serializer(serializer_).dump_call(std::move(call), payload).has_value());
    return message(MessageType::invoke, flags, std::move(payload));
  }

 private:
  [[nodiscard]] Bytes dumped(const Value& value) const {
    Bytes bytes;
    HEARTH_CHECK(serializer(serializer_).dump(value, bytes).has_value());
    return bytes;
  }

  Dialect dialect_;
  SerializerName serializer_;
  std::uint16_t sequence_ = 0;
};

}  // namespace hearth::test
