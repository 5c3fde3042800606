/// SerpentSerializer: Pyro's default format, UTF-8 text of one Python literal after a comment line (PYRO.md
/// section 2, "Values").
///
/// Layer: serial (value and below).        Thread rule: stateless, any thread.
/// What dump() writes is byte for byte what Python's serpent library writes (serpent.py, without indent), but
/// for three values that library spells so that nobody can read them back: bytes as a dict key or in a set
/// (here a bytes literal), complex numbers with an imaginary part of -0.0 (here "-0.0j"), and those with a
/// nan part (refused). A nan as a dict key or in a set is refused for the same reason. Empty sets come back
/// as empty tuples, since Python has no literal for them.
/// load() takes whatever ast.literal_eval takes (literal_reader.h), whatever the comment line says.
#pragma once

#include "protocol/serial/serializer.h"

namespace hearth {

class SerpentSerializer final : public Serializer {
 public:
  [[nodiscard]] SerializerName name() const override { return SerializerName::serpent; }
  [[nodiscard]] Result<void> dump(const Value& value, Bytes& out) const override;
  void append_dict_head(std::size_t count, Bytes& out) const override;
  [[nodiscard]] Result<void> dump_dict_item(std::string_view key, const Value& value, bool is_first,
                                            Bytes& out) const override;
  void append_dict_tail(Bytes& out) const override;
  /// The class dict of a float nan becomes that float, and {'data': …, 'encoding': 'base64'} becomes the
  /// bytes.
  [[nodiscard]] Result<Value> load(BytesView bytes, const DecodeLimits& limits) const override;
  [[nodiscard]] Result<void> load_dict_items(BytesView bytes, const DecodeLimits& limits,
                                             const DictItemSink& sink) const override;
};

}  // namespace hearth
