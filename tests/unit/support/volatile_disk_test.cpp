#include "tests/support/volatile_disk.h"

#include <doctest/doctest.h>

#include <set>

namespace hearth {
namespace {

using Image = VolatileDisk::Image;

constexpr std::size_t sector = VolatileDisk::sector_bytes;

/// Everything that may be found after a power failure, as far as many tries show it.
std::set<Image> all_survivors(const VolatileDisk& disk) {
  VolatileDisk::Random random(1);
  std::set<Image> seen;
  for (int i = 0; i < 2000; ++i) seen.insert(disk.survivors(random));
  return seen;
}

TEST_CASE("what was synced is there, and nothing else can be") {
  VolatileDisk disk(Image{{"a", "old"}});
  disk.write("a", "new!", 0);
  disk.create("b");
  disk.write("b", "x", 2);
  CHECK(all_survivors(disk).size() > 1);
  disk.sync("a");
  disk.sync("b");
  disk.sync_directory();
  CHECK(all_survivors(disk) == std::set<Image>{{{"a", "new!"}, {"b", std::string("\0\0x", 3)}}});
}

TEST_CASE("sectors that were not synced are kept or lost one by one, in any of their versions") {
  VolatileDisk disk(Image{{"a", std::string(2 * sector, '0')}});
  disk.write("a", std::string(2 * sector, '1'), 0);
  disk.write("a", std::string(sector, '2'), 0);
  std::set<Image> expected;
  for (const char first : {'0', '1', '2'}) {
    for (const char second : {'0', '1'}) {
      expected.insert({{"a", std::string(sector, first) + std::string(sector, second)}});
    }
  }
  CHECK(all_survivors(disk) == expected);
}

TEST_CASE("bytes of a sector outside a write are safe") {
  VolatileDisk disk(Image{{"a", "abcdef"}});
  disk.write("a", "XY", 2);
  CHECK(all_survivors(disk) == std::set<Image>{{{"a", "abcdef"}}, {{"a", "abXYef"}}});
}

TEST_CASE("a length and the bytes behind it come and go on their own") {
  VolatileDisk disk(Image{{"a", "ab"}});
  disk.write("a", std::string(sector, 'x'), sector);
  const auto seen = all_survivors(disk);
  const std::string start = "ab" + std::string(sector - 2, '\0');
  CHECK(seen.count({{"a", "ab"}}) == 1);
  CHECK(seen.count({{"a", start + std::string(sector, 'x')}}) == 1);
  CHECK(seen.count({{"a", start + std::string(sector, '\0')}}) == 1);
  disk.truncate("a", 0);
  CHECK(all_survivors(disk).count({{"a", ""}}) == 1);
  disk.sync("a");
  CHECK(all_survivors(disk) == std::set<Image>{{{"a", ""}}});
}

TEST_CASE("a truncation happened or not, and what was written behind it needs it") {
  VolatileDisk disk(Image{{"a", std::string(2 * sector, '0')}});
  disk.truncate("a", 0);
  disk.write("a", std::string(sector, '1'), sector);
  std::set<Image> expected{{{"a", std::string(2 * sector, '0')}}, {{"a", ""}}};
  const std::string hole(sector, '\0');
  for (const char second : {'\0', '1'}) expected.insert({{"a", hole + std::string(sector, second)}});
  CHECK(all_survivors(disk) == expected);
}

TEST_CASE("names come and go with the sync of the directory, not of the file") {
  VolatileDisk disk(Image{{"old", "1"}});
  disk.create("new");
  disk.write("new", "2", 0);
  disk.sync("new");
  disk.remove("old");
  CHECK(all_survivors(disk) == std::set<Image>{{{"old", "1"}}, {{"new", "2"}}, {{"old", "1"}, {"new", "2"}}, Image{}});
  disk.sync_directory();
  CHECK(all_survivors(disk) == std::set<Image>{{{"new", "2"}}});
}

TEST_CASE("a name that was removed and made again leads to either file") {
  VolatileDisk disk(Image{{"a", "1"}});
  disk.remove("a");
  disk.create("a");
  disk.write("a", "2", 0);
  disk.sync("a");
  CHECK(all_survivors(disk) == std::set<Image>{{{"a", "1"}}, {{"a", "2"}}, Image{}});
}

}  // namespace
}  // namespace hearth
