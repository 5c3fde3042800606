/// zlib, as Pyro compresses payloads, with a cap on what may come out.
///
/// Layer: wire.        Thread rule: none, pure functions.
#pragma once

#include <hearth/result.h>

#include "protocol/base/bytes.h"

namespace hearth {

/// Pyro does not try to compress less (Pyro4/util.py __compressdata).
inline constexpr std::size_t compress_bytes_min = 200;

/// A zlib stream of `bytes`, or `bytes` themselves if that would not be smaller (`false` then).
struct Compressed {
  Bytes bytes;
  bool is_compressed = false;
};
[[nodiscard]] Compressed compress_if_smaller(Bytes bytes);

/// Errors: malformed (no zlib stream, truncated), limit (more than `inflated_bytes_max` would come out).
[[nodiscard]] Result<Bytes> inflate(BytesView compressed, std::size_t inflated_bytes_max);

}  // namespace hearth
