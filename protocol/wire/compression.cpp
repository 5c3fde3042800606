#include "protocol/wire/compression.h"

#include <zlib.h>

#include <algorithm>

#include "protocol/base/check.h"

namespace hearth {

Compressed compress_if_smaller(Bytes bytes) {
  if (bytes.size() < compress_bytes_min) return {std::move(bytes), false};
  uLongf compressed_bytes = compressBound(bytes.size());
  Bytes compressed(compressed_bytes, '\0');
  const int status = compress2(reinterpret_cast<Bytef*>(compressed.data()), &compressed_bytes,
                               reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), Z_DEFAULT_COMPRESSION);
  HEARTH_CHECK(status == Z_OK);
  if (compressed_bytes >= bytes.size()) return {std::move(bytes), false};
  compressed.resize(compressed_bytes);
  return {std::move(compressed), true};
}

Result<Bytes> inflate(BytesView compressed, std::size_t inflated_bytes_max) {
  constexpr std::size_t step_bytes = 64U << 10U;
  z_stream stream{};
  HEARTH_CHECK(inflateInit(&stream) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
  stream.avail_in = static_cast<uInt>(compressed.size());
  Bytes inflated;
  int status = Z_OK;
  while (status == Z_OK && inflated.size() <= inflated_bytes_max) {
    // One byte over the cap is asked for, to tell "exactly the cap" from "more than that".
    const std::size_t room = std::min(step_bytes, inflated_bytes_max + 1 - inflated.size());
    const std::size_t before = inflated.size();
    inflated.resize(before + room);
    stream.next_out = reinterpret_cast<Bytef*>(inflated.data() + before);
    stream.avail_out = static_cast<uInt>(room);
    status = ::inflate(&stream, Z_NO_FLUSH);
    inflated.resize(inflated.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (inflated.size() > inflated_bytes_max) {
    return fail(ErrorKind::limit, "compressed payload is larger than " + std::to_string(inflated_bytes_max) + " bytes");
  }
  // Bytes behind the end of the stream are ignored, as zlib.decompress() ignores them.
  if (status != Z_STREAM_END) return fail(ErrorKind::malformed, "compressed payload is damaged");
  return inflated;
}

}  // namespace hearth
