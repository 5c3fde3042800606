/// PyroPeer: a Pyro4 client on a plain socket, message by message. Calls are JSON, so that tests can spell them out.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/wire/framer.h"
#include "protocol/wire/message.h"
#include "tests/support/socket_peer.h"

namespace hearth {

/// The object that served_object.h publishes under this id.
inline constexpr std::string_view served_object_id = "Test";

[[nodiscard]] Bytes connect_message();
[[nodiscard]] Bytes ping_message();
/// `arguments`: a JSON list.
[[nodiscard]] Bytes call_message(std::string_view method, std::string_view arguments = "[]");

class PyroPeer {
 public:
  /// Connected, but silent.
  explicit PyroPeer(std::uint16_t port) : socket_(SocketPeer::connected_to(port)) {}

  [[nodiscard]] SocketPeer& socket() { return socket_; }

  /// The payload of the next message; nullopt at the end of the connection.
  std::optional<std::string> next_payload();

  /// Sends and waits for the answer.
  bool shake_hands();
  std::optional<std::string> call(std::string_view method, std::string_view arguments = "[]");

 private:
  SocketPeer socket_;
  Framer framer_{1U << 30U};
};

}  // namespace hearth
