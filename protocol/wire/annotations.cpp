#include "protocol/wire/annotations.h"

#include <algorithm>
#include <cstdint>

#include "protocol/base/check.h"

namespace hearth {
namespace {

/// What Pyro's own annotations on a request take at most: a correlation id and a signature of SHA-1.
constexpr std::uint64_t own_annotations_bytes = 6 + 16 + 6 + 20;

constexpr std::uint64_t annotations_bytes_max(Dialect dialect) {
  return dialect == Dialect::pyro4 ? 0xFFFF - own_annotations_bytes : 0xFFFFFFFF;
}

bool is_id(std::string_view id) {
  const auto is_visible_ascii = [](char c) { return c > ' ' && c <= '~'; };
  return id.size() == 4 && std::all_of(id.begin(), id.end(), is_visible_ascii);
}

}  // namespace

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

bool is_pyro_annotation(std::string_view id) {
  return id == correlation_annotation || id == hmac_annotation || id == item_stream_annotation ||
         id == keep_serialized_annotation;
}

Result<void> check_annotations(Dialect dialect, const std::vector<Annotation>& annotations) {
  std::uint64_t bytes = 0;
  for (const Annotation& annotation : annotations) {
    if (!is_id(annotation.id))
      return fail(ErrorKind::malformed, "the id of an annotation must be four ASCII characters");
    if (is_pyro_annotation(annotation.id)) {
      return fail(ErrorKind::malformed, "the annotation " + annotation.id + " is Pyro's own");
    }
    bytes += annotation_bytes(dialect, annotation);
  }
  if (bytes <= annotations_bytes_max(dialect)) return {};
  return fail(ErrorKind::limit, "the annotations of a message may take at most " +
                                    std::to_string(annotations_bytes_max(dialect)) + " bytes");
}

}  // namespace hearth
