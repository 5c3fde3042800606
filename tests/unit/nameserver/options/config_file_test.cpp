#include "nameserver/options/config_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/support/files.h"
#include "tests/support/temp_dir.h"

namespace hearth {
namespace {

std::vector<ConfigLine> parse(const std::string& text) {
  auto lines = parse_config(text, "FILE");
  REQUIRE_MESSAGE(lines.has_value(), (lines ? "" : lines.error().text));
  return *lines;
}

std::string value_of_line(const std::string& line) {
  const auto lines = parse(line);
  REQUIRE(lines.size() == 1);
  return lines[0].value;
}

std::string error_of(const std::string& text) {
  const auto lines = parse_config(text, "FILE");
  REQUIRE_FALSE(lines.has_value());
  return lines.error().text;
}

}  // namespace

TEST_CASE("lines have a section, a key, a value and a number") {
  const auto lines = parse(
      "# settings\n\nhost = a, b # both\r\n  port=1\n[limits] # of everything\nconnections-max = 5\n\n[ other ]\nx = "
      "y");
  REQUIRE(lines.size() == 4);
  const auto check = [](const ConfigLine& line, const char* section, const char* key, const char* value, int number) {
    CHECK(line.section == section);
    CHECK(line.key == key);
    CHECK(line.value == value);
    CHECK(line.number == number);
  };
  check(lines[0], "", "host", "a, b", 3);
  check(lines[1], "", "port", "1", 4);
  check(lines[2], "limits", "connections-max", "5", 6);
  check(lines[3], "other", "x", "y", 9);
}

TEST_CASE("values: a '#' is a comment behind a blank only, quotes keep everything") {
  for (const auto& [line, value] :
       std::vector<std::pair<const char*, const char*>>{{"k =", ""},
                                                        {"k = # nothing", ""},
                                                        {"k = a#b", "a#b"},
                                                        {"k = a #b", "a"},
                                                        {"k = a = b", "a = b"},
                                                        {"k = a\"b", "a\"b"},
                                                        {"k = \" a # b \" # c", " a # b "},
                                                        {"k = \"\"", ""},
                                                        {R"(k = "a\"b\\c\n\t\r")", "a\"b\\c\n\t\r"}}) {
    CHECK(value_of_line(line) == value);
  }
}

TEST_CASE("what is no line of a configuration is an error with its number") {
  for (const char* line : {"nobc", "= 1", "a b = 1", "k = \"open", "k = \"a\" b", "k = \"\\x\"", "[", "[]", "[a",
                           "[a b]", "\x01\x02\xff = 1"}) {
    CAPTURE(line);
    CHECK(error_of(std::string("# first\n") + line + "\n").starts_with("FILE:2: "));
  }
}

TEST_CASE("every value survives being written and read") {
  for (const std::string& value :
       {std::string(""), std::string("a"), std::string(" a"), std::string("a "), std::string("a #b"), std::string("#"),
        std::string("\""), std::string("\"a\""), std::string("a\nb"), std::string("\\"), std::string("\t\r\n\\\""),
        std::string("{stderr}"), std::string("ö, ☃")}) {
    CAPTURE(value);
    CHECK(value_of_line("k = " + config_value(value) + "   # a comment") == value);
  }
  CHECK(config_value("/run/hearth.sock") == "/run/hearth.sock");
}

TEST_CASE("a file: not there, not readable, too large, readable by others") {
  TempDir directory;
  auto missing = read_config_file(directory / "missing");
  REQUIRE(missing.has_value());
  CHECK_FALSE(missing->has_value());

  CHECK(read_config_file(directory.path()).error().text.find(directory.path()) != std::string::npos);
  CHECK(read_config_file("/dev/zero").error().kind == ErrorKind::limit);

  const std::string path = directory / "hearthd.conf";
  write_file(path, "port = 1\n");
  for (const auto& [mode, others_may_read] : {std::pair<mode_t, bool>{0644, true}, {0640, false}, {0600, false}}) {
    REQUIRE(chmod(path.c_str(), mode) == 0);
    const auto file = read_config_file(path);
    REQUIRE((file.has_value() && file->has_value()));
    CHECK((*file)->others_may_read == others_may_read);
    CHECK((*file)->path == path);
    CHECK((*file)->lines.size() == 1);
  }
  write_file(path, "port\n");
  CHECK(read_config_file(path).error().text.starts_with(path + ":1: "));
  REQUIRE(chmod(directory.path().c_str(), 0755) == 0);
  REQUIRE(chmod(path.c_str(), 0) == 0);
  const OrdinaryUser user;
  CHECK(read_config_file(path).error().text.find("Permission denied") != std::string::npos);
}

}  // namespace hearth
