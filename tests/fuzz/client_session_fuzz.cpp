// Whatever a server says ends in replies or in an error that stays; any split of the bytes gives as many.
#include "protocol/rpc/client_session.h"

#include "protocol/base/check.h"
#include "tests/fuzz/target.h"

namespace hearth::fuzz {
namespace {

struct Heard {
  std::size_t replies = 0;
  std::optional<std::string> error;
};

Heard listen(const ClientSessionSettings& settings, BytesView bytes, std::size_t piece) {
  ClientSession session(settings);
  HEARTH_CHECK(session.connect("hello", "Pyro.NameServer").has_value());
  bool is_connected = false;
  Heard heard;
  for (; !bytes.empty() && !heard.error; bytes.remove_prefix(std::min(piece, bytes.size()))) {
    session.receive(bytes.substr(0, piece));
    for (;;) {
      const auto reply = session.next();
      if (!reply) {
        heard.error = reply.error().text;
        HEARTH_CHECK(session.next().error().text == *heard.error);
        break;
      }
      if (!*reply) break;
      ++heard.replies;
      if (!is_connected && std::holds_alternative<Connected>(**reply)) {
        is_connected = true;
        // Two calls in flight, as a recording has them: one, and a batch.
        HEARTH_CHECK(session.invoke({"Pyro.NameServer", "count", make_tuple({}), Dict{}}).has_value());
        HEARTH_CHECK(
            session.invoke({"Pyro.NameServer", "<batch>", make_list({}), Value()}, {.batch = true}).has_value());
      }
    }
  }
  return heard;
}

}  // namespace

/// The first byte chooses dialect and serializer.
void check(BytesView input) {
  if (input.empty()) return;
  const auto choice = static_cast<unsigned char>(input.front());
  ClientSessionSettings settings;
  settings.dialect = (choice & 1U) != 0 ? Dialect::pyro5 : Dialect::pyro4;
  settings.serializer = static_cast<SerializerName>((choice >> 1U) & 3U);
  settings.limits.reply_bytes_max = 1U << 16U;
  settings.limits.reply_value_nodes_max = 20000;
  input.remove_prefix(1);
  const Heard whole = listen(settings, input, input.size() + 1);
  const Heard pieces = listen(settings, input, 61);
  HEARTH_CHECK(whole.replies == pieces.replies && whole.error == pieces.error);
}

}  // namespace hearth::fuzz
