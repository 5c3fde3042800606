#include "protocol/host/wire_log.h"

#include <fmt/format.h>

#include <iterator>

#include "protocol/base/log.h"

namespace hearth {
namespace {

std::string type_text(MessageType type) {
  switch (type) {
    case MessageType::connect: return "connect";
    case MessageType::connect_ok: return "connect_ok";
    case MessageType::connect_fail: return "connect_fail";
    case MessageType::invoke: return "invoke";
    case MessageType::result: return "result";
    case MessageType::ping: return "ping";
  }
  return fmt::format("type {}", static_cast<unsigned>(type));  // a peer may send any number
}

std::string flags_text(const MessageFlags& flags) {
  std::string text;
  const auto add = [&text](bool is_set, const char* word) {
    if (is_set) text += word;
  };
  add(flags.exception, " exception");
  add(flags.compressed, " compressed");
  add(flags.oneway, " oneway");
  add(flags.batch, " batch");
  add(flags.item_stream, " item_stream");
  add(flags.keep_serialized, " keep_serialized");
  return text;
}

}  // namespace

std::string wire_line(const Peer& peer, const ObservedMessage& message) {
  std::string line =
      fmt::format("c#{} {} {} {}", peer.connection, message.direction == ObservedMessage::Direction::in ? "in" : "out",
                  message.dialect == Dialect::pyro4 ? "pyro4" : "pyro5", type_text(message.type));
  const auto out = std::back_inserter(line);
  if (!message.object.empty()) fmt::format_to(out, " {}.{}", message.object, message.method);
  fmt::format_to(out, " seq {} ", message.sequence);
  if (message.serializer) {
    line += to_string(*message.serializer);
  } else {
    fmt::format_to(out, "serializer {}", message.serializer_id);
  }
  fmt::format_to(out, " {} bytes{}", message.payload_bytes, flags_text(message.flags));
  return line;
}

void WireLog::on_message(const Peer& peer, const ObservedMessage& message) {
  log(LogLevel::debug, LogCategory::wire, wire_line(peer, message));
}

}  // namespace hearth
