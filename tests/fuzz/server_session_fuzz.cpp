// A whole conversation with the name server: any split of the bytes gives the same answers, each a well-formed message of the
// asker's dialect, and leaves the index and the storage with the same registrations.
#include "protocol/base/check.h"
#include "protocol/wire/framer.h"
#include "tests/fuzz/target.h"
#include "tests/support/loaded.h"
#include "tests/support/scripted_name_server.h"

namespace hearth::fuzz {
namespace {

SessionSettings small_settings() {
  SessionSettings settings;
  settings.limits.message_bytes_max = 1U << 16U;
  settings.limits.pattern_match_steps_max = 2000;
  settings.limits.pattern_list_steps_max = 5000;
  settings.limits.decode.value_nodes_max = 20000;
  return settings;
}

struct Conversation {
  Bytes said;
  bool closed;
  std::size_t registrations;
};

Conversation talk(BytesView bytes, std::size_t piece) {
  test::ScriptedNameServer server("PYRO:Pyro.NameServer@localhost:9090", small_settings());
  const ConnectionId connection = server.connect();
  Conversation conversation{};
  for (; !bytes.empty() && !server.session(connection).wants_close();
       bytes.remove_prefix(std::min(piece, bytes.size()))) {
    conversation.said += server.exchange(connection, bytes.substr(0, piece));
  }
  conversation.closed = server.session(connection).wants_close();
  conversation.registrations = server.index().size();
  HEARTH_CHECK(server.index().find(name_server_name) != nullptr);
  HEARTH_CHECK(server.stored() == conversation.registrations);
  return conversation;
}

void check_well_formed(BytesView said) {
  Framer framer(1U << 30U);
  framer.append(said);
  for (;;) {
    const auto message = framer.next();
    HEARTH_CHECK(message.has_value());
    if (!*message) break;
    const MessageType type = (*message)->type;
    HEARTH_CHECK(type == MessageType::connect_ok || type == MessageType::connect_fail || type == MessageType::result ||
                 type == MessageType::ping);
  }
  HEARTH_CHECK(!framer.is_inside_frame());
}

}  // namespace

void check(BytesView input) {
  const Conversation whole = talk(input, input.size() + 1);
  check_well_formed(whole.said);
  const Conversation pieces = talk(input, 61);
  HEARTH_CHECK(pieces.said == whole.said && pieces.closed == whole.closed);
  HEARTH_CHECK(pieces.registrations == whole.registrations);
}

}  // namespace hearth::fuzz
