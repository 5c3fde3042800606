#include "tests/support/pyro_peer.h"

#include <utility>

namespace hearth {
namespace {

constexpr std::uint16_t json_in_pyro4 = 2;

Bytes message_of(MessageType type, std::string payload) {
  Message message;
  message.dialect = Dialect::pyro4;
  message.type = type;
  message.serializer_id = json_in_pyro4;
  message.payload = std::move(payload);
  Bytes bytes;
  append_message(bytes, std::move(message), {});
  return bytes;
}

}  // namespace

Bytes connect_message() {
  return message_of(MessageType::connect,
                    R"({"handshake": "hello", "object": ")" + std::string(served_object_id) + "\"}");
}

Bytes ping_message() { return message_of(MessageType::ping, "ping"); }

Bytes call_message(std::string_view method, std::string_view arguments) {
  std::string payload = R"({"object": ")" + std::string(served_object_id) + R"(", "method": ")" + std::string(method) +
                        R"(", "params": )" + std::string(arguments) + R"(, "kwargs": {}})";
  return message_of(MessageType::invoke, std::move(payload));
}

std::optional<std::string> PyroPeer::next_payload() {
  for (;;) {
    auto message = framer_.next();
    if (!message) return std::nullopt;
    if (*message) return std::move((**message).payload);
    const std::string bytes = socket_.receive_some();
    if (bytes.empty()) return std::nullopt;
    framer_.append(bytes);
  }
}

bool PyroPeer::shake_hands() { return socket_.send(connect_message()) && next_payload().has_value(); }

std::optional<std::string> PyroPeer::call(std::string_view method, std::string_view arguments) {
  if (!socket_.send(call_message(method, arguments))) return std::nullopt;
  return next_payload();
}

}  // namespace hearth
