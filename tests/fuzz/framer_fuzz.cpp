// Any split of the bytes gives the same messages and the same error; what was read can be written and read again.
#include "protocol/wire/framer.h"

#include <optional>
#include <vector>

#include "protocol/base/check.h"
#include "tests/fuzz/target.h"

namespace hearth::fuzz {
namespace {

constexpr std::uint32_t message_bytes_max = 1U << 16U;

struct Read {
  std::vector<Message> messages;
  std::optional<std::string> error;
};

void read_all(Framer& framer, Read& read) {
  for (;;) {
    auto message = framer.next();
    if (!message) {
      HEARTH_CHECK(!read.error || *read.error == message.error().text);
      read.error = message.error().text;
      return;
    }
    if (!*message) return;
    read.messages.push_back(std::move(**message));
  }
}

Read read_in_pieces(BytesView bytes, std::size_t piece) {
  Framer framer(message_bytes_max);
  Read read;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    framer.append(bytes.substr(0, piece));
    read_all(framer, read);
  }
  return read;
}

bool is_same(const Message& a, const Message& b) {
  const auto same_annotation = [](const Annotation& x, const Annotation& y) {
    return x.id == y.id && x.data == y.data;
  };
  return a.dialect == b.dialect && a.type == b.type && a.serializer_id == b.serializer_id && a.sequence == b.sequence &&
         a.correlation == b.correlation && a.payload == b.payload && a.flags.exception == b.flags.exception &&
         a.flags.compressed == b.flags.compressed && a.flags.oneway == b.flags.oneway &&
         a.flags.batch == b.flags.batch &&
         std::equal(a.annotations.begin(), a.annotations.end(), b.annotations.begin(), b.annotations.end(),
                    same_annotation);
}

void check_rewritten(Message message) {
  const Message original = message;
  // The writer makes these chunks itself.
  std::erase_if(message.annotations, [](const Annotation& a) { return a.id == correlation_annotation; });
  Bytes bytes;
  append_message(bytes, std::move(message), "");
  Framer framer(message_bytes_max * 2);
  framer.append(bytes);
  const auto again = framer.next();
  HEARTH_CHECK(again.has_value() && again->has_value() && !framer.is_inside_frame());
  HEARTH_CHECK((*again)->payload == original.payload && (*again)->correlation == original.correlation);
}

}  // namespace

void check(BytesView input) {
  const Read whole = read_in_pieces(input, input.size() + 1);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{41}}) {
    const Read read = read_in_pieces(input, piece);
    HEARTH_CHECK(read.error == whole.error && read.messages.size() == whole.messages.size());
    for (std::size_t i = 0; i < read.messages.size(); ++i) HEARTH_CHECK(is_same(read.messages[i], whole.messages[i]));
  }
  for (const Message& message : whole.messages) check_rewritten(message);
}

}  // namespace hearth::fuzz
