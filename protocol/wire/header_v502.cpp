#include <algorithm>

#include "protocol/wire/detect_dialect.h"
#include "protocol/wire/flag_bits.h"
#include "protocol/wire/header.h"

namespace hearth {
namespace {

constexpr std::uint16_t magic = 0x4DC5;
constexpr std::uint16_t correlation_bit = 64;

}  // namespace

Result<Header> parse_header_v502(BytesView bytes) {
  ByteReader reader(bytes);
  if (reader.take(4) != "PYRO") return fail(ErrorKind::malformed, "invalid data");
  const std::uint16_t version = *reader.u16_be();
  if (version != pyro5_protocol_version) {
    return fail(ErrorKind::malformed, "invalid protocol version: " + std::to_string(version));
  }
  Header header;
  header.dialect = Dialect::pyro5;
  header.type = static_cast<MessageType>(*reader.u8());
  header.serializer_id = *reader.u8();
  const std::uint16_t raw_flags = *reader.u16_be();
  header.flags = flags_from_bits(raw_flags, flag_bits_v502);
  header.sequence = *reader.u16_be();
  header.payload_bytes = *reader.u32_be();
  header.annotations_bytes = *reader.u32_be();
  const BytesView correlation = *reader.take(16);
  if ((raw_flags & correlation_bit) != 0) {
    std::copy(correlation.begin(), correlation.end(), header.correlation.emplace().begin());
  }
  static_cast<void>(reader.u16_be());  // reserved
  if (reader.u16_be() != magic) return fail(ErrorKind::malformed, "invalid message or protocol version");
  return header;
}

void append_header_v502(Bytes& out, const Header& header) {
  std::uint16_t raw_flags = bits_from_flags(header.flags, flag_bits_v502);
  if (header.correlation) raw_flags |= correlation_bit;
  out.append("PYRO");
  append_u16_be(out, pyro5_protocol_version);
  append_u8(out, static_cast<std::uint8_t>(header.type));
  append_u8(out, static_cast<std::uint8_t>(header.serializer_id));
  append_u16_be(out, raw_flags);
  append_u16_be(out, header.sequence);
  append_u32_be(out, header.payload_bytes);
  append_u32_be(out, header.annotations_bytes);
  const CorrelationId correlation = header.correlation.value_or(CorrelationId{});
  out.append(correlation.begin(), correlation.end());
  append_u16_be(out, 0);
  append_u16_be(out, magic);
}

}  // namespace hearth
