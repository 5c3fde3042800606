// What zlib gives stays below the bound, and compresses to something that gives the same.
#include "protocol/base/check.h"
#include "protocol/wire/compression.h"
#include "tests/fuzz/target.h"

namespace hearth::fuzz {

void check(BytesView input) {
  constexpr std::size_t inflated_bytes_max = 1U << 16U;
  const auto inflated = inflate(input, inflated_bytes_max);
  if (!inflated) return;
  HEARTH_CHECK(inflated->size() <= inflated_bytes_max);
  const Compressed packed = compress_if_smaller(*inflated);
  const auto again = packed.is_compressed ? inflate(packed.bytes, inflated_bytes_max) : packed.bytes;
  HEARTH_CHECK(again.has_value() && *again == *inflated);
}

}  // namespace hearth::fuzz
