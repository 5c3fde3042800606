// Where an import gets its names from: files of every kind, and what is wrong with them.
#include "nsc/name_source.h"

#include <doctest/doctest.h>

#include <memory>

#include "tests/support/files.h"
#include "tests/support/temp_dir.h"

namespace hearth::nsc {
namespace {

using Lines = std::vector<std::string>;

struct Source {
  explicit Source(const std::string& text) { write_file(path, text); }
  [[nodiscard]] NameSource read() const { return read_source(path, nullptr).value(); }
  const TempDir directory;
  const std::string path = directory / "names.jsonl";
};

TEST_CASE("a source of lines") {
  const Source file(
      "{\"name\":\"b\",\"uri\":\"PYRO:b@h:1\"}\n"
      "\n"
      "  \t\r\n"
      "{\"name\":\"a\",\"uri\":\"pyro:a@h:1\",\"metadata\":[\"t\"]}\r\n"
      "{\"name\":\"c\",\"uri\":\"PYRO:c@h:1\"}");
  const NameSource source = file.read();
  CHECK(source.entries() == NameListing{{"b", "PYRO:b@h:1", {}}, {"a", "pyro:a@h:1", {"t"}}, {"c", "PYRO:c@h:1", {}}});
  CHECK(source.trouble_count() == 0);
  CHECK(source.notes().empty());
  CHECK(source.find("c") == 2);
  CHECK_FALSE(source.find("d").has_value());
  CHECK(source.place_of(0) == file.path + ":1");
  CHECK(source.place_of(1) == file.path + ":4");
  CHECK(Source("").read().entries().empty());
}

TEST_CASE("a source tells where it makes no sense") {
  const Source file(
      "{\"name\":\"a\",\"uri\":\"PYRO:a@h:1\"}\n"
      "nonsense\n"
      "{\"name\":\"b\",\"uri\":\"no uri\"}\n"
      "{\"name\":\"a\",\"uri\":\"PYRO:a@h:2\"}\n");
  const NameSource source = file.read();
  CHECK(source.trouble_count() == 3);
  REQUIRE(source.troubles().size() == 3);
  CHECK(source.troubles()[0] == file.path + ":2: invalid json: Invalid value");
  CHECK(source.troubles()[1].starts_with(file.path + ":3: the URI of b is none: "));
  CHECK(source.troubles()[2] == file.path + ":4: a stands there twice, in line 1 too");
}

TEST_CASE("of many troubles the first are told") {
  std::string text;
  for (int i = 0; i < 25; ++i) text += "x\n";
  const NameSource source = Source(text).read();
  CHECK(source.trouble_count() == 25);
  CHECK(source.troubles().size() == 10);
}

TEST_CASE("the entry of the name server that was exported is left out, and said so once") {
  const NameSource source = Source(
                                "{\"name\":\"Pyro.NameServer\",\"uri\":\"PYRO:a@h:1\"}\n"
                                "{\"name\":\"Pyro.NameServer\",\"uri\":\"PYRO:a@h:1\"}\n")
                                .read();
  CHECK(source.entries().empty());
  CHECK(source.notes() == Lines{"left out Pyro.NameServer, which each name server registers for itself"});
}

TEST_CASE("a line without an end is not waited for") {
  const Source file("\n" + std::string(17U << 20U, 'x'));
  CHECK(read_source(file.path, nullptr).error().text ==
        file.path + ":2: the line is longer than 16.0 MiB, which no registration is");
}

TEST_CASE("standard input, and files that are not there") {
  const Source file("{\"name\":\"a\",\"uri\":\"PYRO:a@h:1\"}\nx");
  const std::unique_ptr<std::FILE, decltype(&std::fclose)> input(std::fopen(file.path.c_str(), "r"), &std::fclose);
  const NameSource source = read_source("-", input.get()).value();
  CHECK(source.entries().size() == 1);
  CHECK(source.troubles() == Lines{"standard input:2: invalid json: Invalid value"});
  for (const std::string prefix : {"", "sql:", "dbm:"}) {
    const auto nothing = read_source(prefix + (file.directory / "no"), nullptr);
    REQUIRE_FALSE(nothing.has_value());
    CHECK(nothing.error().text.find('\n') == std::string::npos);
  }
  CHECK(read_source(file.directory / "no", nullptr).error().text ==
        (file.directory / "no") + " cannot be read: No such file or directory");
  CHECK(read_source(file.directory.path(), nullptr).error().text ==
        file.directory.path() + " cannot be read: Is a directory");
  CHECK(read_source("sql:" + file.path, nullptr).error().text.starts_with(file.path + " cannot be read: "));
}

}  // namespace
}  // namespace hearth::nsc
