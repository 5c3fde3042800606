#include "tests/support/volatile_disk.h"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <utility>

namespace hearth {
namespace {

using Image = VolatileDisk::Image;
using Images = std::set<Image>;

/// Everything that may be found after a power failure, as far as many tries show it.
Images all_survivors(const VolatileDisk& disk) {
  VolatileDisk::Random random(1);
  Images seen;
  for (int i = 0; i < 2000; ++i) seen.insert(disk.survivors(random));
  return seen;
}

Image files(std::map<std::string, std::string> all) { return {std::move(all), {}}; }

void make(VolatileDisk& disk, const std::string& name, const std::string& content) {
  const auto file = disk.create(name);
  file->write(content, 0);
  file->sync();
}

TEST_CASE("names come and go with the sync of the directory, not of the file") {
  VolatileDisk disk(files({{"old", "1"}}));
  make(disk, "new", "2");
  disk.remove("old");
  CHECK(all_survivors(disk) ==
        Images{files({{"old", "1"}}), files({{"new", "2"}}), files({{"old", "1"}, {"new", "2"}}), files({})});
  disk.sync_directory();
  CHECK(all_survivors(disk) == Images{files({{"new", "2"}})});
}

TEST_CASE("what happened to one name keeps its order") {
  VolatileDisk disk(files({{"a", "1"}}));
  disk.remove("a");
  make(disk, "a", "2");
  CHECK(all_survivors(disk) == Images{files({{"a", "1"}}), files({{"a", "2"}}), files({})});
}

TEST_CASE("a renamed file has one name, the old or the new") {
  VolatileDisk disk(files({{"a", "1"}, {"b", "2"}}));
  disk.rename("a", "b");
  CHECK(all_survivors(disk) == Images{files({{"a", "1"}, {"b", "2"}}), files({{"b", "1"}})});
  CHECK(disk.find("a") == nullptr);
  disk.sync_directory();
  CHECK(all_survivors(disk) == Images{files({{"b", "1"}})});
}

TEST_CASE("two names of a file lead to the same, after a power failure too") {
  VolatileDisk disk(files({{"a", "1"}}));
  disk.link("a", "b");
  disk.sync_directory();
  const VolatileDisk next(*all_survivors(disk).begin());
  CHECK(next.find("a") == next.find("b"));
  next.find("a")->write("2", 0);
  next.find("b")->sync();
  CHECK(all_survivors(next) == Images{Image{{{"a", "2"}}, {{"b", "a"}}}});
}

TEST_CASE("a file that has lost its name can still be written") {
  VolatileDisk disk(files({{"a", "1"}}));
  const auto file = disk.find("a");
  disk.remove("a");
  file->write("2", 0);
  file->sync();
  CHECK(all_survivors(disk) == Images{files({{"a", "2"}}), files({})});
}

}  // namespace
}  // namespace hearth
