#include "tests/support/wire_vectors.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "protocol/base/check.h"
#include "protocol/rpc/dialect_map.h"
#include "protocol/serial/serializer.h"
#include "protocol/wire/compression.h"
#include "protocol/wire/framer.h"
#include "tests/support/exact_bytes.h"

namespace hearth::test {
namespace {

std::vector<Bytes> messages_in(const Dict& record, std::string_view key) {
  std::vector<Bytes> messages;
  for (const Value& hex : *record.find(key)->as_items()) messages.push_back(from_hex(*hex.as_str()));
  return messages;
}

bool is_text_list(const std::vector<Value>& items) {
  return std::all_of(items.begin(), items.end(), [](const Value& item) { return item.as_str() != nullptr; });
}

}  // namespace

std::vector<WireRecord> load_wire_records() {
  std::vector<WireRecord> records;
  for (const char* file : {"pyro4.jsonl", "pyro5.jsonl"}) {
    std::ifstream lines(std::string(HEARTH_TESTS "/vectors/") + file);
    HEARTH_CHECK(lines.is_open());
    for (std::string line; std::getline(lines, line);) {
      const auto loaded = serializer(SerializerName::json).load(line, DecodeLimits{});
      HEARTH_CHECK(loaded.has_value());
      const Dict& record = *loaded->as<Dict>();
      const auto text = [&record](std::string_view key) { return *record.find(key)->as_str(); };
      records.push_back({text("dialect") == "pyro4" ? Dialect::pyro4 : Dialect::pyro5, text("serializer"),
                         text("scenario"), messages_in(record, "requests"), messages_in(record, "replies")});
    }
  }
  return records;
}

std::vector<Message> messages_of(BytesView bytes) {
  Framer framer(1U << 30U);
  framer.append(bytes);
  std::vector<Message> messages;
  for (;;) {
    auto message = framer.next();
    REQUIRE_MESSAGE(message.has_value(), (message ? "" : message.error().text));
    if (!*message) break;
    messages.push_back(std::move(**message));
  }
  REQUIRE_FALSE(framer.is_inside_frame());
  return messages;
}

Value payload_of(const Message& message) {
  const auto name = serializer_of(message.dialect, message.serializer_id);
  if (message.type == MessageType::ping || !name) return ByteString{message.payload};
  Bytes payload = message.payload;
  if (message.flags.compressed) payload = inflate(payload, 1U << 30U).value();
  auto value = serializer(*name).load(payload, DecodeLimits{});
  REQUIRE_MESSAGE(value.has_value(), (value ? "" : value.error().text));
  return *value;
}

Value in_canonical_order(Value value) {
  if (auto* dict = value.as<Dict>()) {
    for (DictItem& item : dict->items) {
      item.value = item.key == Value("_pyroTraceback") ? Value("traceback") : in_canonical_order(std::move(item.value));
    }
    return value;
  }
  auto* items = value.as_items();
  if (items == nullptr) return value;
  for (Value& item : *items) item = in_canonical_order(std::move(item));
  if (is_text_list(*items)) {
    std::sort(items->begin(), items->end(), [](const Value& a, const Value& b) { return *a.as_str() < *b.as_str(); });
  }
  return value;
}

Value with_lists_only(Value value) {
  if (auto* dict = value.as<Dict>()) {
    for (DictItem& item : dict->items) item.value = with_lists_only(std::move(item.value));
    return value;
  }
  auto* items = value.as_items();
  if (items == nullptr) return value;
  for (Value& item : *items) item = with_lists_only(std::move(item));
  return make_list(std::move(*items));
}

}  // namespace hearth::test
