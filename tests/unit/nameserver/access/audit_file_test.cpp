#include "nameserver/access/audit_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "tests/support/temp_dir.h"

namespace hearth::test {
namespace {

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("audit file: lines are appended, and others may not read it") {
  const TempDir directory;
  const std::string path = directory / "audit.log";
  {
    auto file = AuditFile::open(path).value();
    REQUIRE(file.write("one\ntwo\n").has_value());
    AuditFile moved = std::move(file);
    REQUIRE(moved.write("three\n").has_value());
  }
  auto again = AuditFile::open(path).value();
  REQUIRE(again.write("four\n").has_value());
  CHECK(content(path) == "one\ntwo\nthree\nfour\n");
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & S_IRWXO) == 0);
}

TEST_CASE("audit file: opened anew it is another one, once the old has been moved away") {
  const TempDir directory;
  const std::string path = directory / "audit.log";
  auto file = AuditFile::open(path).value();
  std::filesystem::rename(path, path + ".1");
  REQUIRE(file.write("old\n").has_value());
  file = AuditFile::open(path).value();
  REQUIRE(file.write("new\n").has_value());
  CHECK(content(path + ".1") == "old\n");
  CHECK(content(path) == "new\n");
}

TEST_CASE("audit file: one that cannot be written is named") {
  const TempDir directory;
  const auto none = AuditFile::open(directory / "no" + "/such");
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().text ==
        "cannot write the audit log to " + directory.path() + "/no/such: No such file or directory");
  auto full = AuditFile::open("/dev/full");
  REQUIRE(full.has_value());
  const auto written = full->write("a line\n");
  REQUIRE_FALSE(written.has_value());
  CHECK(written.error().text == "cannot write the audit log to /dev/full: No space left on device");
}

}  // namespace hearth::test
