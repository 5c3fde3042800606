/// PickleSerializer: Python's pickle for plain data, without running anything. dill and cloudpickle write the same for it.
///
/// Layer: serial (value and below).        Thread rule: stateless, any thread.
/// load() takes protocols 0 to 5 and builds None, bool, int, float, complex, str, bytes, list, tuple, set, dict and
/// Pyro4.core.URI (as its class dict). Whatever else a pickle names is refused by that name (ErrorKind::unsupported): nothing
/// is ever imported, called or looked up. Frozensets become sets, bytearrays bytes. What is referred to counts against the
/// limits as often as it is used; a container inside itself is refused, since a Value cannot hold one.
/// dump() writes protocol 3, which every Python 3 reads. The class dicts of Pyro4's URI, of exceptions (builtins and
/// Pyro4.errors) and of Pyro4's _ExceptionWrapper become the objects that the real Pyro4 sends (Pyro4/util.py
/// PickleSerializer); any other stays a dict.
#pragma once

#include "protocol/serial/serializer.h"

namespace hearth {

class PickleSerializer final : public Serializer {
 public:
  /// One of pickle, dill and cloudpickle.
  explicit PickleSerializer(SerializerName name) : name_(name) {}

  [[nodiscard]] SerializerName name() const override { return name_; }
  [[nodiscard]] Result<void> dump(const Value& value, Bytes& out) const override;
  void append_dict_head(std::size_t count, Bytes& out) const override;
  [[nodiscard]] Result<void> dump_dict_item(std::string_view key, const Value& value, bool is_first,
                                            Bytes& out) const override;
  void append_dict_tail(Bytes& out) const override;
  [[nodiscard]] Result<Value> load(BytesView bytes, const DecodeLimits& limits) const override;

 private:
  SerializerName name_;
};

}  // namespace hearth
