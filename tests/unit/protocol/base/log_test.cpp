#include "protocol/base/log.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <thread>

#include "tests/support/files.h"
#include "tests/support/temp_dir.h"

namespace hearth {
namespace {

/// Puts the log back when the test ends.
struct LogRestored {
  ~LogRestored() { static_cast<void>(open_log({})); }
  LogRestored() = default;
  LogRestored(const LogRestored&) = delete;
  LogRestored& operator=(const LogRestored&) = delete;
};

/// stderr goes into a file as long as it lives.
class StderrInto {
 public:
  explicit StderrInto(const std::string& path) : saved_(dup(STDERR_FILENO)) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    HEARTH_CHECK(file >= 0 && saved_ >= 0 && dup2(file, STDERR_FILENO) == STDERR_FILENO);
    close(file);
  }
  ~StderrInto() {
    std::fflush(stderr);
    dup2(saved_, STDERR_FILENO);
    close(saved_);
  }
  StderrInto(const StderrInto&) = delete;
  StderrInto& operator=(const StderrInto&) = delete;

 private:
  const int saved_;
};

/// The line without its date and time, if it begins with them.
std::string undated(const std::string& line) {
  std::string shape = line.substr(0, 24);
  for (char& c : shape) c = c >= '0' && c <= '9' ? '9' : c;
  return shape == "9999-99-99 99:99:99.999 " ? line.substr(24) : "no date: " + line;
}

void write_one_of_each() {
  log(LogLevel::debug, LogCategory::net, "of no interest");
  log(LogLevel::info, LogCategory::net, "an event");
  log(LogLevel::warning, LogCategory::upkeep, "an omen");
  log(LogLevel::error, LogCategory::store, "a failure");
}

}  // namespace

TEST_CASE("log: a line has a date, a level and a category") {
  const TempDir folder;
  const LogRestored restored;
  REQUIRE(open_log({.file = folder / "log"}));
  log(LogLevel::warning, LogCategory::discovery, "two\nlines");
  CHECK(undated(read_file(folder / "log")) == "warning discovery: two\\nlines\n");
}

TEST_CASE("log: for journald a line has its priority and no date") {
  const TempDir folder;
  const LogRestored restored;
  {
    const StderrInto captured(folder / "journal");
    REQUIRE(open_log({.debug_categories = {LogCategory::server}, .stderr_is_journal = true}));
    write_one_of_each();
    log(LogLevel::debug, LogCategory::server, "a detail");
  }
  CHECK(read_file(folder / "journal") ==
        "<6>net: an event\n<4>upkeep: an omen\n<3>store: a failure\n<7>server: a detail\n");
}

TEST_CASE("log: a file is appended to, and reopened after it was moved away") {
  const TempDir folder;
  const LogRestored restored;
  write_file(folder / "log", "from before\n");
  // The priority is for the journal, not for a file.
  const LogSettings settings{.threshold = LogLevel::error, .file = folder / "log", .stderr_is_journal = true};
  REQUIRE(open_log(settings));
  write_one_of_each();
  REQUIRE(std::rename((folder / "log").c_str(), (folder / "log.1").c_str()) == 0);
  write_one_of_each();
  REQUIRE(open_log(settings));
  log(LogLevel::error, LogCategory::net, "after");
  const std::string old = read_file(folder / "log.1");
  CHECK(old.substr(0, 12) == "from before\n");
  CHECK(std::count(old.begin(), old.end(), '\n') == 3);
  CHECK(undated(read_file(folder / "log")) == "error net: after\n");
}

TEST_CASE("log: one that cannot be opened leaves the old one at work") {
  const TempDir folder;
  const LogRestored restored;
  REQUIRE(open_log({.file = folder / "log"}));
  const auto failed = open_log({.threshold = LogLevel::error, .file = folder.path()});  // a folder is no file
  REQUIRE_FALSE(failed);
  CHECK(failed.error().kind == ErrorKind::system);
  CHECK(failed.error().text.find(folder.path()) != std::string::npos);
  log(LogLevel::info, LogCategory::net, "still here");
  CHECK(undated(read_file(folder / "log")) == "info net: still here\n");
}

TEST_CASE("log: levels and named categories") {
  const LogRestored restored;
  REQUIRE(open_log({}));
  CHECK(log_enabled(LogLevel::info, LogCategory::wire));
  CHECK_FALSE(log_enabled(LogLevel::debug, LogCategory::net));
  REQUIRE(open_log({.threshold = LogLevel::debug}));
  CHECK(log_enabled(LogLevel::debug, LogCategory::net));
  CHECK_FALSE(log_enabled(LogLevel::debug, LogCategory::wire));
  REQUIRE(open_log({.threshold = LogLevel::error, .debug_categories = {LogCategory::wire}}));
  CHECK(log_enabled(LogLevel::debug, LogCategory::wire));
  CHECK_FALSE(log_enabled(LogLevel::warning, LogCategory::net));
}

TEST_CASE("log: the categories have names") {
  CHECK(log_category_names().size() == 6);
  for (const std::string_view name : log_category_names()) {
    const auto category = log_category_named(name);
    REQUIRE(category);
    CHECK(log_category_names()[static_cast<std::size_t>(*category)] == name);
  }
  CHECK(log_category_named("upkeep") == LogCategory::upkeep);
  CHECK_FALSE(log_category_named("Wire"));
  CHECK_FALSE(log_category_named(""));
}

TEST_CASE("log: the journal is known by its device and inode") {
  struct stat status {};
  REQUIRE(fstat(STDERR_FILENO, &status) == 0);
  CHECK(is_stderr_journal(fmt::format("{}:{}", status.st_dev, status.st_ino)));
  CHECK_FALSE(is_stderr_journal(fmt::format("{}:{}", status.st_dev, status.st_ino + 1)));
  CHECK_FALSE(is_stderr_journal(""));
  CHECK_FALSE(is_stderr_journal("journal"));
}

TEST_CASE("log: it can be reopened while another thread writes") {
  const TempDir folder;
  const LogRestored restored;
  REQUIRE(open_log({.file = folder / "log"}));
  constexpr int lines = 2000;
  std::thread writer([] {
    for (int i = 0; i < lines; ++i) log(LogLevel::info, LogCategory::store, "line");
  });
  for (int i = 0; i < 50; ++i) REQUIRE(open_log({.file = folder / "log"}));
  writer.join();
  const std::string written = read_file(folder / "log");
  CHECK(std::count(written.begin(), written.end(), '\n') == lines);
}

}  // namespace hearth
