/// JsonSerializer: JSON as Python's json module reads and writes it for Pyro (Pyro4/util.py, class JsonSerializer).
///
/// Layer: serial.        Thread rule: stateless, any thread.
/// Reads and writes NaN, Infinity, -Infinity and ints of any size. Tuples and sets go out as arrays and come back as lists;
/// dict keys that are numbers, bools or None go out as text. A call is an object: "object", "method", "params", "kwargs".
/// Errors: bytes, complex numbers, other dict keys and lone surrogates are unsupported in dump(), as they are in Python. An
/// escaped lone surrogate loads; an int beyond int_digits_max is ErrorKind::limit.
#pragma once

#include "protocol/serial/serializer.h"

namespace hearth {

class JsonSerializer final : public Serializer {
 public:
  [[nodiscard]] SerializerName name() const override { return SerializerName::json; }
  [[nodiscard]] Result<void> dump(const Value& value, Bytes& out) const override;
  void append_dict_head(std::size_t count, Bytes& out) const override;
  [[nodiscard]] Result<void> dump_dict_item(std::string_view key, const Value& value, bool is_first,
                                            Bytes& out) const override;
  void append_dict_tail(Bytes& out) const override;
  [[nodiscard]] Result<Value> load(BytesView bytes, const DecodeLimits& limits) const override;
  [[nodiscard]] Result<void> load_dict_items(BytesView bytes, const DecodeLimits& limits,
                                             const DictItemSink& sink) const override;
  [[nodiscard]] Result<void> dump_call(CallValue call, Bytes& out) const override;
  [[nodiscard]] Result<CallValue> load_call(BytesView bytes, const DecodeLimits& limits) const override;
};

}  // namespace hearth
