#include "protocol/wire/header.h"

#include "protocol/base/check.h"
#include "protocol/wire/flag_bits.h"

namespace hearth {

Result<Header> parse_header(Dialect dialect, BytesView bytes) {
  HEARTH_CHECK(bytes.size() == header_bytes(dialect));
  return dialect == Dialect::pyro4 ? parse_header_v48(bytes) : parse_header_v502(bytes);
}

void append_header(Bytes& out, const Header& header) {
  header.dialect == Dialect::pyro4 ? append_header_v48(out, header) : append_header_v502(out, header);
}

MessageFlags flags_from_bits(std::uint16_t raw, const FlagBits& bits) {
  const auto has = [raw](std::uint16_t bit) { return (raw & bit) != 0; };
  return {.exception = has(bits.exception),
          .compressed = has(bits.compressed),
          .oneway = has(bits.oneway),
          .batch = has(bits.batch),
          .meta_on_connect = has(bits.meta_on_connect),
          .item_stream = has(bits.item_stream),
          .keep_serialized = has(bits.keep_serialized)};
}

std::uint16_t bits_from_flags(const MessageFlags& flags, const FlagBits& bits) {
  unsigned raw = 0;
  if (flags.exception) raw |= bits.exception;
  if (flags.compressed) raw |= bits.compressed;
  if (flags.oneway) raw |= bits.oneway;
  if (flags.batch) raw |= bits.batch;
  if (flags.meta_on_connect) raw |= bits.meta_on_connect;
  if (flags.item_stream) raw |= bits.item_stream;
  if (flags.keep_serialized) raw |= bits.keep_serialized;
  return static_cast<std::uint16_t>(raw);
}

}  // namespace hearth
