/// MarshalSerializer: CPython's own marshal format (Python/marshal.c), as Pyro uses it.
///
/// Layer: serial (value and below).        Thread rule: stateless, any thread.
/// load() takes versions 0 to 4, with back references: a value that is referred to counts against the limits
/// as often as it is used, and a container that refers to itself is refused, since a Value cannot hold one.
/// So are StopIteration, Ellipsis and code objects, and bytes behind the value (which marshal.loads ignores).
/// Frozensets become sets.
/// dump() writes version 2 without references, which every CPython 3 reads.
#pragma once

#include "protocol/serial/serializer.h"

namespace hearth {

class MarshalSerializer final : public Serializer {
 public:
  [[nodiscard]] SerializerName name() const override { return SerializerName::marshal; }
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
