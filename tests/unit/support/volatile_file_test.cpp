#include "tests/support/volatile_file.h"

#include <doctest/doctest.h>

#include <set>

namespace hearth {
namespace {

using Texts = std::set<std::string>;

constexpr std::size_t sector = VolatileFile::sector_bytes;

/// Everything that may be found after a power failure, as far as many tries show it.
Texts all_survivors(const VolatileFile& file) {
  VolatileFile::Random random(1);
  Texts seen;
  for (unsigned i = 0; i < 2000; ++i) seen.insert(file.survivor(i % 5 * 25, random));
  return seen;
}

TEST_CASE("what was synced is there, and nothing else can be") {
  VolatileFile file("old");
  file.write("new!", 0);
  CHECK(all_survivors(file).size() > 1);
  file.sync();
  CHECK(all_survivors(file) == Texts{"new!"});
}

TEST_CASE("sectors that were not synced are kept or lost one by one, in any of their versions") {
  VolatileFile file(std::string(2 * sector, '0'));
  file.write(std::string(2 * sector, '1'), 0);
  file.write(std::string(sector, '2'), 0);
  Texts expected;
  for (const char first : {'0', '1', '2'}) {
    for (const char second : {'0', '1'}) expected.insert(std::string(sector, first) + std::string(sector, second));
  }
  CHECK(all_survivors(file) == expected);
}

TEST_CASE("bytes of a sector outside a write are safe") {
  VolatileFile file("abcdef");
  file.write("XY", 2);
  CHECK(all_survivors(file) == Texts{"abcdef", "abXYef"});
}

TEST_CASE("a length and the bytes behind it come and go on their own") {
  VolatileFile file("ab");
  file.write(std::string(sector, 'x'), sector);
  const auto seen = all_survivors(file);
  const std::string start = "ab" + std::string(sector - 2, '\0');
  CHECK(seen.count("ab") == 1);
  CHECK(seen.count(start + std::string(sector, 'x')) == 1);
  CHECK(seen.count(start + std::string(sector, '\0')) == 1);
  file.truncate(0);
  CHECK(all_survivors(file).count("") == 1);
  file.sync();
  CHECK(all_survivors(file) == Texts{""});
}

TEST_CASE("a truncation happened or not, and what was written behind it needs it") {
  VolatileFile file(std::string(2 * sector, '0'));
  file.truncate(0);
  file.write(std::string(sector, '1'), sector);
  Texts expected{std::string(2 * sector, '0'), ""};
  const std::string hole(sector, '\0');
  for (const char second : {'\0', '1'}) expected.insert(hole + std::string(sector, second));
  CHECK(all_survivors(file) == expected);
}

TEST_CASE("what a failed sync has left out, the next one leaves out too, until it is written again") {
  VolatileFile file(std::string(2 * sector, '0'));
  file.write(std::string(2 * sector, '1'), 0);
  file.fail_sync();
  file.write("2", 0);
  file.sync();
  const std::string first = "2" + std::string(sector - 1, '1');
  CHECK(all_survivors(file) == Texts{first + std::string(sector, '0'), first + std::string(sector, '1')});
  file.write(std::string(sector, '1'), sector);
  file.sync();
  CHECK(all_survivors(file) == Texts{first + std::string(sector, '1')});
}

TEST_CASE("what was cut off after a failed sync does not come back") {
  VolatileFile file(std::string(sector, '0'));
  file.write(std::string(sector, '1'), sector);
  file.fail_sync();
  file.truncate(sector);
  file.sync();
  CHECK(all_survivors(file) == Texts{std::string(sector, '0')});
}

}  // namespace
}  // namespace hearth
