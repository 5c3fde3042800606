/// The recorded conversations of real Pyro4 and Pyro5 programs (tests/vectors/*.jsonl; PYRO.md section 8).
#pragma once

#include <string>
#include <vector>

#include <hearth/value.h>

#include "protocol/base/bytes.h"
#include "protocol/wire/message.h"

namespace hearth::test {

struct WireRecord {
  Dialect dialect;
  std::string serializer;
  std::string scenario;
  std::vector<Bytes> requests;
  std::vector<Bytes> replies;
};

/// All records, in the order of recording. Aborts the test program if a file cannot be read.
[[nodiscard]] std::vector<WireRecord> load_wire_records();

/// The messages that a byte string consists of; fails the test if it holds anything else.
[[nodiscard]] std::vector<Message> messages_of(BytesView bytes);

/// What a message says: its payload decoded by its own serializer (a PING's and an undecodable one's as bytes).
[[nodiscard]] Value payload_of(const Message& message);

/// The value with everything in one order that may come in any: sets, lists of text (they stand for sets), dict keys; the recorded
/// traceback replaced by a fixed line.
[[nodiscard]] Value in_canonical_order(Value value);

/// Tuples and sets as lists: what a serializer without them makes of the value.
[[nodiscard]] Value with_lists_only(Value value);

}  // namespace hearth::test
