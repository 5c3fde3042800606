/// Serializer: values and calls to bytes and back, in one of the formats that Pyro programs use.
///
/// Layer: serial (value and below).        Thread rule: stateless, any thread.
/// Errors: load() answers ErrorKind::malformed for bytes that are not this format and ErrorKind::limit for more than the
/// limits allow; dump() answers ErrorKind::unsupported for what the format cannot carry. On failure `out` is left as it was.
/// No recursion beyond DecodeLimits::nesting_max, no allocation from a length that the input cannot back.
#pragma once

#include <hearth/result.h>
#include <hearth/serializer_name.h>
#include <hearth/value.h>

#include "protocol/base/bytes.h"
#include "protocol/base/limits.h"
#include "protocol/serial/dict_item_sink.h"

namespace hearth {

/// A remote call as it travels: the 4-tuple of PYRO.md section 2, "Calls". The parts are whatever the peer sent; the
/// session checks their types.
struct CallValue {
  Value object;
  Value method;
  Value args;
  Value kwargs;
};

class Serializer {
 public:
  virtual ~Serializer() = default;

  [[nodiscard]] virtual SerializerName name() const = 0;

  /// Appends the serialized value to `out`.
  [[nodiscard]] virtual Result<void> dump(const Value& value, Bytes& out) const = 0;
  [[nodiscard]] virtual Result<Value> load(BytesView bytes, const DecodeLimits& limits) const = 0;

  /// A dict of text keys in pieces: head, items one after the other, tail are together what dump() makes of the whole. So it
  /// need never exist as one value, nor its bytes in one place; the head alone knows the count, and can be made last.
  virtual void append_dict_head(std::size_t count, Bytes& out) const = 0;
  [[nodiscard]] virtual Result<void> dump_dict_item(std::string_view key, const Value& value, bool is_first,
                                                    Bytes& out) const = 0;
  virtual void append_dict_tail(Bytes& out) const = 0;

  /// load() for a value that must be a dict, whose items go to the sink instead of being collected. On an error some may
  /// have gone there already.
  [[nodiscard]] virtual Result<void> load_dict_items(BytesView bytes, const DecodeLimits& limits,
                                                     const DictItemSink& sink) const;

  /// A call is the 4-tuple of its parts, except in json, which spells it as an object.
  [[nodiscard]] virtual Result<void> dump_call(CallValue call, Bytes& out) const;
  [[nodiscard]] virtual Result<CallValue> load_call(BytesView bytes, const DecodeLimits& limits) const;
};

/// The one serializer of that name; lives as long as the program.
[[nodiscard]] const Serializer& serializer(SerializerName name);

}  // namespace hearth
