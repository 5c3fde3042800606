// A new file is there complete, or not at all, whatever the file system can do.
#include "nsc/new_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/support/files.h"
#include "tests/support/temp_dir.h"

namespace hearth::nsc {
namespace {

using IfThere = NewFile::IfThere;
using Files = std::map<std::string, std::string>;

TEST_CASE("a new file gets its name when it is finished") {
  for (const bool can_be_nameless : {true, false}) {
    for (const IfThere if_there : {IfThere::refuse, IfThere::replace}) {
      const TempDir directory;
      {
        auto file = NewFile::create(directory / "f", if_there, can_be_nameless);
        REQUIRE(file.has_value());
        CHECK(file->write("one ").has_value());
        CHECK_FALSE(std::filesystem::exists(directory / "f"));
        CHECK(read_directory(directory.path()).size() == (can_be_nameless ? 0 : 1));
        CHECK(file->write("two").has_value());
        CHECK(file->finish().has_value());
      }
      CHECK(read_directory(directory.path()) == Files{{"f", "one two"}});
    }
  }
}

TEST_CASE("a new file that is not finished leaves nothing") {
  for (const bool can_be_nameless : {true, false}) {
    const TempDir directory;
    write_file(directory / "f", "old");
    {
      auto file = NewFile::create(directory / "f", IfThere::replace, can_be_nameless);
      REQUIRE(file.has_value());
      CHECK(file->write("new").has_value());
    }
    CHECK(read_directory(directory.path()) == Files{{"f", "old"}});
  }
}

TEST_CASE("a file that is there is replaced only on demand") {
  for (const bool can_be_nameless : {true, false}) {
    const TempDir directory;
    write_file(directory / "f", "old");
    const auto refused = NewFile::create(directory / "f", IfThere::refuse, can_be_nameless);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().text == (directory / "f") + " exists. --force overwrites it");
    auto file = NewFile::create(directory / "f", IfThere::replace, can_be_nameless);
    REQUIRE(file.has_value());
    CHECK(file->write("new").has_value());
    CHECK(file->finish().has_value());
    CHECK(read_directory(directory.path()) == Files{{"f", "new"}});
  }
}

TEST_CASE("a file that has come to be meanwhile stays") {
  for (const bool can_be_nameless : {true, false}) {
    const TempDir directory;
    {
      auto file = NewFile::create(directory / "f", IfThere::refuse, can_be_nameless);
      REQUIRE(file.has_value());
      write_file(directory / "f", "another's");
      CHECK(file->finish().error().text == (directory / "f") + " exists. --force overwrites it");
    }
    CHECK(read_directory(directory.path()) == Files{{"f", "another's"}});
  }
}

TEST_CASE("a new file has the rights that the umask leaves") {
  for (const bool can_be_nameless : {true, false}) {
    const TempDir directory;
    const mode_t before = ::umask(0027);
    auto file = NewFile::create(directory / "f", IfThere::refuse, can_be_nameless);
    CHECK(file->finish().has_value());
    ::umask(before);
    struct stat found {};
    REQUIRE(::stat((directory / "f").c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0640);
  }
}

TEST_CASE("where no file can be") {
  const TempDir directory;
  CHECK(NewFile::create(directory.path(), IfThere::replace).error().text == directory.path() + " is a directory");
  CHECK(NewFile::create(directory / "no/f", IfThere::refuse).error().text ==
        "cannot write " + (directory / "no/f") + ": No such file or directory");
  CHECK(NewFile::create("/dev/full", IfThere::replace).error().text == "/dev/full is no regular file");
  std::filesystem::create_symlink("/dev/full", directory / "link");
  CHECK(NewFile::create(directory / "link", IfThere::replace).error().text ==
        (directory / "link") + " is no regular file");
}

}  // namespace
}  // namespace hearth::nsc
