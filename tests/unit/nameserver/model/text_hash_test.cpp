#include "nameserver/model/text_hash.h"

#include <doctest/doctest.h>

#include <functional>

namespace hearth {
namespace {

TEST_CASE("texts that were made to meet under std::hash do not meet under ours") {
  // Made by inverting a round of MurmurHash64A under the seed of libstdc++; as many as one likes can be made so.
  constexpr std::string_view name = "lab.cell.camera1";
  constexpr std::string_view made = "v-75o747M2L8[5I$";
  REQUIRE(std::hash<std::string_view>()(name) == std::hash<std::string_view>()(made));
  CHECK(TextHash()(name) != TextHash()(made));
}

TEST_CASE("the same text has the same hash wherever it lies") {
  const std::string name = "lab.cell.camera1";
  CHECK(TextHash()(name) == TextHash()(std::string(name)));
  CHECK(TextHash()("") == TextHash()(std::string_view()));
}

}  // namespace
}  // namespace hearth
