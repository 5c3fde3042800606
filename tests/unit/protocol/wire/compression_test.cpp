#include "protocol/wire/compression.h"

#include <doctest/doctest.h>

namespace hearth {

TEST_CASE("what is compressed inflates to itself, with a cap on what comes out") {
  const Bytes plain(100000, 'x');
  const Compressed compressed = compress_if_smaller(plain);
  REQUIRE(compressed.is_compressed);
  CHECK(compressed.bytes.size() < 1000);
  CHECK(inflate(compressed.bytes, plain.size()).value() == plain);
  const auto over = inflate(compressed.bytes, plain.size() - 1);
  REQUIRE_FALSE(over.has_value());
  CHECK(over.error().kind == ErrorKind::limit);
}

TEST_CASE("small and incompressible payloads stay as they are") {
  CHECK_FALSE(compress_if_smaller(Bytes(compress_bytes_min - 1, 'x')).is_compressed);
  CHECK(compress_if_smaller(Bytes(compress_bytes_min, 'x')).is_compressed);
  Bytes noise;
  std::uint32_t state = 1;
  for (int i = 0; i < 1000; ++i) {
    state = state * 1664525U + 1013904223U;
    noise.push_back(static_cast<char>(state >> 24U));
  }
  const Compressed kept = compress_if_smaller(noise);
  CHECK_FALSE(kept.is_compressed);
  CHECK(kept.bytes == noise);
}

TEST_CASE("damaged streams are malformed at every cut, bytes behind the end are ignored") {
  const Bytes compressed = compress_if_smaller(Bytes(5000, 'x')).bytes;
  for (std::size_t cut = 0; cut < compressed.size(); ++cut) {
    const auto inflated = inflate(BytesView(compressed).substr(0, cut), 10000);
    REQUIRE_FALSE(inflated.has_value());
    CHECK(inflated.error().kind == ErrorKind::malformed);
  }
  CHECK(inflate(compressed + "x", 10000).value() == Bytes(5000, 'x'));
  CHECK_FALSE(inflate("no zlib stream", 10000).has_value());
}

}  // namespace hearth
