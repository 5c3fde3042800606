#include <array>

#include "protocol/wire/detect_dialect.h"
#include "protocol/wire/flag_bits.h"
#include "protocol/wire/header.h"

namespace hearth {
namespace {

constexpr std::uint32_t checksum_magic = 0x34E9;

std::uint16_t checksum(const Header& header, std::uint16_t raw_flags) {
  const std::uint32_t sum = static_cast<std::uint32_t>(header.type) + pyro4_protocol_version + header.payload_bytes +
                            header.annotations_bytes + header.serializer_id + raw_flags + header.sequence +
                            checksum_magic;
  return static_cast<std::uint16_t>(sum);
}

}  // namespace

Result<Header> parse_header_v48(BytesView bytes) {
  ByteReader reader(bytes);
  if (reader.take(4) != "PYRO" || reader.u16_be() != pyro4_protocol_version) {
    return fail(ErrorKind::malformed, "invalid data or unsupported protocol version");
  }
  Header header;
  header.dialect = Dialect::pyro4;
  header.type = static_cast<MessageType>(*reader.u16_be());
  const std::uint16_t raw_flags = *reader.u16_be();
  header.flags = flags_from_bits(raw_flags, flag_bits_v48);
  header.sequence = *reader.u16_be();
  header.payload_bytes = *reader.u32_be();
  header.serializer_id = *reader.u16_be();
  header.annotations_bytes = *reader.u16_be();
  static_cast<void>(reader.u16_be());  // reserved
  if (reader.u16_be() != checksum(header, raw_flags)) return fail(ErrorKind::malformed, "header checksum mismatch");
  // The field is signed in Pyro4 ("!4sHHHHiHHHH").
  if (header.payload_bytes > 0x7FFFFFFFU)
    return fail(ErrorKind::malformed, "invalid message size (outside range 0..2Gb)");
  return header;
}

void append_header_v48(Bytes& out, const Header& header) {
  const std::uint16_t raw_flags = bits_from_flags(header.flags, flag_bits_v48);
  const std::uint16_t fields[] = {pyro4_protocol_version,
                                  static_cast<std::uint16_t>(header.type),
                                  raw_flags,
                                  header.sequence,
                                  static_cast<std::uint16_t>(header.payload_bytes >> 16U),
                                  static_cast<std::uint16_t>(header.payload_bytes & 0xFFFFU),
                                  header.serializer_id,
                                  static_cast<std::uint16_t>(header.annotations_bytes),
                                  0,
                                  checksum(header, raw_flags)};
  std::array<char, header_v48_bytes> bytes{'P', 'Y', 'R', 'O'};
  char* to = bytes.data() + 4;
  for (const std::uint16_t field : fields) {
    *to++ = static_cast<char>(field >> 8U);
    *to++ = static_cast<char>(field & 0xFFU);
  }
  out.append(bytes.data(), bytes.size());
}

}  // namespace hearth
