#include "protocol/wire/annotations.h"

#include "protocol/base/check.h"

namespace hearth {

Result<std::vector<Annotation>> parse_annotations(Dialect dialect, BytesView bytes) {
  std::vector<Annotation> annotations;
  ByteReader reader(bytes);
  while (!reader.at_end()) {
    const auto id = reader.take(4);
    std::optional<std::uint32_t> length;
    if (dialect == Dialect::pyro4) {
      length = reader.u16_be();
    } else {
      length = reader.u32_be();
    }
    const auto data = length ? reader.take(*length) : std::nullopt;
    if (!id || !data) return fail(ErrorKind::malformed, "invalid annotations: a chunk is longer than the message says");
    annotations.push_back({std::string(*id), Bytes(*data)});
  }
  return annotations;
}

void append_annotation(Bytes& out, Dialect dialect, const Annotation& annotation) {
  HEARTH_CHECK(annotation.id.size() == 4);
  out.append(annotation.id);
  if (dialect == Dialect::pyro4) {
    append_u16_be(out, static_cast<std::uint16_t>(annotation.data.size()));
  } else {
    append_u32_be(out, static_cast<std::uint32_t>(annotation.data.size()));
  }
  out.append(annotation.data);
}

std::size_t annotation_bytes(Dialect dialect, const Annotation& annotation) {
  return (dialect == Dialect::pyro4 ? 6U : 8U) + annotation.data.size();
}

}  // namespace hearth
