/// MsgpackSerializer: MessagePack as Python's msgpack module reads and writes it for Pyro (Pyro4/util.py, class
/// MsgpackSerializer).
///
/// Layer: serial.        Thread rule: stateless, any thread.
/// Tuples and sets go out as arrays and come back as lists. Pyro's extension types are in msgpack_ext.h; dates and times load
/// as ISO text, which is how the other serializers carry them.
/// Errors: lone surrogates are unsupported in dump(). Map keys other than str and bytes are malformed in load(), though
/// dump() writes them, both as Python does.
#pragma once

#include "protocol/serial/serializer.h"

namespace hearth {

class MsgpackSerializer final : public Serializer {
 public:
  [[nodiscard]] SerializerName name() const override { return SerializerName::msgpack; }
  [[nodiscard]] Result<void> dump(const Value& value, Bytes& out) const override;
  void append_dict_head(std::size_t count, Bytes& out) const override;
  [[nodiscard]] Result<void> dump_dict_item(std::string_view key, const Value& value, bool is_first,
                                            Bytes& out) const override;
  void append_dict_tail(Bytes& out) const override;
  [[nodiscard]] Result<Value> load(BytesView bytes, const DecodeLimits& limits) const override;
  [[nodiscard]] Result<void> load_dict_items(BytesView bytes, const DecodeLimits& limits,
                                             const DictItemSink& sink) const override;
};

}  // namespace hearth
