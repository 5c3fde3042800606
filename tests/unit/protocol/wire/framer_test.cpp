#include "protocol/wire/framer.h"

#include <doctest/doctest.h>

#include "protocol/wire/header.h"
#include "tests/support/wire_vectors.h"

namespace hearth::test {
namespace {

constexpr std::uint32_t bytes_max = 1U << 20U;

Message sample(Dialect dialect) {
  Message message;
  message.dialect = dialect;
  message.type = MessageType::invoke;
  message.serializer_id = 1;
  message.flags = {.oneway = true, .item_stream = true};
  message.sequence = 0xABCD;
  message.correlation = CorrelationId{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  message.annotations.push_back({"XYZW", Bytes("anno\0tation", 11)});
  message.payload = Bytes("pay\0load", 8);
  return message;
}

Bytes bytes_of(const Message& message) {
  Bytes bytes;
  append_message(bytes, message, {});
  return bytes;
}

void check_same(const Message& a, const Message& b) {
  CHECK(a.dialect == b.dialect);
  CHECK(a.type == b.type);
  CHECK(a.serializer_id == b.serializer_id);
  CHECK(a.flags.oneway == b.flags.oneway);
  CHECK(a.flags.item_stream == b.flags.item_stream);
  CHECK(a.flags.keep_serialized == b.flags.keep_serialized);
  CHECK(a.sequence == b.sequence);
  CHECK(a.correlation == b.correlation);
  CHECK(a.payload == b.payload);
  REQUIRE(b.find_annotation("XYZW") != nullptr);
  CHECK(a.find_annotation("XYZW")->data == b.find_annotation("XYZW")->data);
}

std::string error_of(BytesView bytes, std::uint32_t limit = bytes_max) {
  Framer framer(limit);
  framer.append(bytes);
  auto message = framer.next();
  REQUIRE_FALSE(message.has_value());
  framer.append("PYRO");
  CHECK(framer.next().error().text == message.error().text);  // sticky
  return message.error().text;
}

}  // namespace

TEST_CASE("a message survives every split of its bytes, in both dialects") {
  for (const Dialect dialect : {Dialect::pyro4, Dialect::pyro5}) {
    const Message sent = sample(dialect);
    const Bytes two = bytes_of(sent) + bytes_of(sent);
    for (std::size_t split = 0; split <= two.size(); ++split) {
      Framer framer(bytes_max);
      framer.append(BytesView(two).substr(0, split));
      std::vector<Message> received;
      for (int round = 0; round < 2; ++round) {
        for (auto message = framer.next(); message.has_value() && *message; message = framer.next())
          received.push_back(**message);
        if (round == 0) framer.append(BytesView(two).substr(split));
      }
      REQUIRE(received.size() == 2);
      CHECK_FALSE(framer.is_inside_frame());
      check_same(sent, received[0]);
      check_same(sent, received[1]);
    }
  }
}

TEST_CASE("every recorded message is encoded again to the same bytes") {
  for (const WireRecord& record : load_wire_records()) {
    for (const auto* messages : {&record.requests, &record.replies}) {
      for (const Bytes& recorded : *messages) {
        Message message = messages_of(recorded).front();
        if (message.dialect == Dialect::pyro4) {
          // append_message() makes the CORR chunk itself.
          std::erase_if(message.annotations, [](const Annotation& a) { return a.id == correlation_annotation; });
        }
        CHECK(bytes_of(message) == recorded);
      }
    }
  }
}

TEST_CASE("faults are told in the words of the reference") {
  const Bytes v48 = bytes_of(sample(Dialect::pyro4));
  const Bytes v502 = bytes_of(sample(Dialect::pyro5));
  const auto with = [](Bytes bytes, std::size_t at, char value) {
    bytes[at] = value;
    return bytes;
  };
  CHECK(error_of(with(v48, 0, 'X')) == "invalid data or unsupported protocol version");
  CHECK(error_of(with(v48, 23, static_cast<char>(v48[23] + 1))) == "header checksum mismatch");
  CHECK(error_of(with(v502, 0, 'X')) == "invalid data");
  CHECK(error_of(with(v502, 5, static_cast<char>(0xF5))) == "invalid protocol version: 501");
  CHECK(error_of(with(v502, 39, 0)) == "invalid message or protocol version");
  CHECK(error_of("GET / HTTP/1.1\r\n") == "invalid data");
}

TEST_CASE("an announced size over the limit is refused at the header") {
  const Bytes whole = bytes_of(sample(Dialect::pyro5));
  CHECK(error_of(BytesView(whole).substr(0, header_v502_bytes), 26) == "max message size exceeded (27 where max=26)");
  Framer exactly(27);
  exactly.append(whole);
  CHECK(exactly.next().has_value());
}

TEST_CASE("a negative Pyro4 length is refused") {
  Header header;
  header.dialect = Dialect::pyro4;
  header.payload_bytes = 0x80000000U;
  Bytes bytes;
  append_header(bytes, header);
  CHECK(error_of(bytes) == "invalid message size (outside range 0..2Gb)");
}

TEST_CASE("an annotation chunk must end within the annotations") {
  Bytes bytes = bytes_of(sample(Dialect::pyro5));
  bytes[header_v502_bytes + 7] = static_cast<char>(bytes[header_v502_bytes + 7] + 1);
  CHECK(error_of(bytes) == "invalid annotations: a chunk is longer than the message says");
}

TEST_CASE("the dialect and the pending header are known before the message is complete") {
  const Bytes bytes = bytes_of(sample(Dialect::pyro4));
  Framer framer(bytes_max);
  framer.append(BytesView(bytes).substr(0, 5));
  CHECK_FALSE(framer.next()->has_value());
  CHECK_FALSE(framer.dialect().has_value());
  CHECK(framer.is_inside_frame());
  framer.append(BytesView(bytes).substr(5, 20));
  CHECK_FALSE(framer.next()->has_value());
  CHECK(framer.dialect() == Dialect::pyro4);
  REQUIRE(framer.pending_header().has_value());
  CHECK(framer.pending_header()->sequence == 0xABCD);
}

}  // namespace hearth::test
