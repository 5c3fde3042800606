#include "nameserver/access/audit_file.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
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

/// While it lives no file of this process gets larger.
class RoomFor {
 public:
  explicit RoomFor(std::size_t bytes) {
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before_) == 0);
    const rlimit limit{bytes, before_.rlim_max};
    REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
  }
  RoomFor(const RoomFor&) = delete;
  RoomFor& operator=(const RoomFor&) = delete;
  ~RoomFor() {
    setrlimit(RLIMIT_FSIZE, &before_);
    static_cast<void>(signal(SIGXFSZ, on_signal_));
  }

 private:
  rlimit before_{};
  void (*on_signal_)(int) = signal(SIGXFSZ, SIG_IGN);
};

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

TEST_CASE("audit file: behind a line for which there was no room a new one begins") {
  const TempDir directory;
  const std::string path = directory / "audit.log";
  auto file = AuditFile::open(path).value();
  {
    const RoomFor room(10);
    REQUIRE_FALSE(file.write("one\ntwo, which is longer\n").has_value());
    REQUIRE_FALSE(file.write("three\n").has_value());
  }
  CHECK(content(path) == "one\ntwo, w");
  REQUIRE(file.write("four\n").has_value());
  REQUIRE(file.write("five\n").has_value());
  CHECK(content(path) == "one\ntwo, w\nfour\nfive\n");
  {
    const RoomFor room(content(path).size());
    REQUIRE_FALSE(file.write("six\n").has_value());
  }
  REQUIRE(file.write("seven\n").has_value());
  CHECK(content(path) == "one\ntwo, w\nfour\nfive\nseven\n");
  SUBCASE("by a later start, too") {
    std::ofstream(path, std::ios::app) << "eig";
    AuditFile again = AuditFile::open(path).value();
    REQUIRE(again.write("nine\n").has_value());
    CHECK(content(path).ends_with("seven\neig\nnine\n"));
  }
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
