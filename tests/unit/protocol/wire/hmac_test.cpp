#include "protocol/wire/hmac.h"

#include <doctest/doctest.h>

#include "protocol/wire/framer.h"
#include "tests/support/exact_bytes.h"

namespace hearth {
namespace {

Message sample() {
  Message message;
  message.dialect = Dialect::pyro4;
  message.type = MessageType::invoke;
  message.serializer_id = 1;
  message.payload = "payload";
  message.annotations = {{"ZZZZ", "last"}, {"AAAA", "first"}};
  return message;
}

Message sent(const Message& message, BytesView key) {
  Bytes bytes;
  append_message(bytes, message, key);
  Framer framer(1000);
  framer.append(bytes);
  return **framer.next();
}

}  // namespace

TEST_CASE("the digest covers payload and annotations in the order of their ids, as Pyro4's does") {
  // hmac.new(b"secret", b"payload" + b"first" + b"last", hashlib.sha1).hexdigest()
  const Bytes expected = from_hex("e6e2a53406fffc230b1ced6ba74f07c0e4eb6197");
  CHECK(sent(sample(), "secret").find_annotation(hmac_annotation)->data == expected);
  MessageSigner in_pieces("secret");
  for (const char* piece : {"pay", "", "load"}) in_pieces.add_payload(piece);
  CHECK(in_pieces.sign(sample().annotations) == expected);
}

TEST_CASE("a signed message verifies with its key only") {
  const Message message = sent(sample(), "secret");
  CHECK(verify_hmac(message, "secret") == HmacVerdict::good);
  CHECK(verify_hmac(message, "other") == HmacVerdict::mismatch);
  CHECK(verify_hmac(message, "") == HmacVerdict::not_symmetric);
  CHECK(verify_hmac(sent(sample(), ""), "secret") == HmacVerdict::not_symmetric);
  CHECK(verify_hmac(sent(sample(), ""), "") == HmacVerdict::good);

  Message changed = message;
  changed.payload = "Payload";
  CHECK(verify_hmac(changed, "secret") == HmacVerdict::mismatch);
}

}  // namespace hearth
