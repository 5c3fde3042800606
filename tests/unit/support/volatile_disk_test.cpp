#include "tests/support/volatile_disk.h"

#include <doctest/doctest.h>

#include <set>

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

void make(VolatileDisk& disk, const std::string& name, const std::string& content) {
  const auto file = disk.create(name);
  file->write(content, 0);
  file->sync();
}

TEST_CASE("names come and go with the sync of the directory, not of the file") {
  VolatileDisk disk(Image{{"old", "1"}});
  make(disk, "new", "2");
  disk.remove("old");
  CHECK(all_survivors(disk) == Images{{{"old", "1"}}, {{"new", "2"}}, {{"old", "1"}, {"new", "2"}}, Image{}});
  disk.sync_directory();
  CHECK(all_survivors(disk) == Images{{{"new", "2"}}});
}

TEST_CASE("what happened to one name keeps its order") {
  VolatileDisk disk(Image{{"a", "1"}});
  disk.remove("a");
  make(disk, "a", "2");
  CHECK(all_survivors(disk) == Images{{{"a", "1"}}, {{"a", "2"}}, Image{}});
}

TEST_CASE("a renamed file has one name, the old or the new") {
  VolatileDisk disk(Image{{"a", "1"}, {"b", "2"}});
  disk.rename("a", "b");
  CHECK(all_survivors(disk) == Images{{{"a", "1"}, {"b", "2"}}, {{"b", "1"}}});
  CHECK(disk.find("a") == nullptr);
  disk.sync_directory();
  CHECK(all_survivors(disk) == Images{{{"b", "1"}}});
}

TEST_CASE("two names of a file show the same") {
  VolatileDisk disk(Image{{"a", "1"}});
  disk.link("a", "b");
  disk.sync_directory();
  disk.find("a")->write("2", 0);
  disk.find("b")->sync();
  CHECK(all_survivors(disk) == Images{{{"a", "2"}, {"b", "2"}}});
}

TEST_CASE("a file that has lost its name can still be written") {
  VolatileDisk disk(Image{{"a", "1"}});
  const auto file = disk.find("a");
  disk.remove("a");
  file->write("2", 0);
  file->sync();
  CHECK(all_survivors(disk) == Images{{{"a", "2"}}, Image{}});
}

}  // namespace
}  // namespace hearth
