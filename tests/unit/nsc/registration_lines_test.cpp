// Lines of registrations: what is written reads the same, and what is read makes sense or is refused with the reason.
#include "nsc/registration_lines.h"

#include <doctest/doctest.h>

#include <iterator>

namespace hearth::nsc {
namespace {

std::string trouble_with(std::string_view line) {
  const auto entry = parse_registration_line(line);
  REQUIRE_FALSE(entry.has_value());
  return entry.error().text;
}

/// Either the line is refused with a reason, or it is an entry that can be written and reads as the same one.
void check_property(std::string_view line) {
  const auto entry = parse_registration_line(line);
  if (!entry) {
    CHECK_FALSE(entry.error().text.empty());
    return;
  }
  const auto written = registration_line(*entry);
  REQUIRE(written.has_value());
  CHECK(parse_registration_line(*written).value() == *entry);
}

}  // namespace

TEST_CASE("a registration as a line, and back") {
  const NameEntry entry{"example.\xE2\x82\xAC \"q\"\n", "PYRO:a@h:1", {"a", "b\\", "\xF0\x9F\x98\x80"}};
  const std::string line = registration_line(entry).value();
  CHECK(line ==
        "{\"name\":\"example.\xE2\x82\xAC \\\"q\\\"\\n\",\"uri\":\"PYRO:a@h:1\","
        "\"metadata\":[\"a\",\"b\\\\\",\"\xF0\x9F\x98\x80\"]}\n");
  CHECK(parse_registration_line(line).value() == entry);
  CHECK(registration_line({"", "", {}}).value() == "{\"name\":\"\",\"uri\":\"\",\"metadata\":[]}\n");
  CHECK(registration_line({"\xED\xA0\x80", "", {}}).error().kind == ErrorKind::unsupported);
}

TEST_CASE("lines that others write") {
  const NameEntry entry{"n", "u", {"a", "b"}};
  CHECK(parse_registration_line(R"({"metadata": ["b", "a", "b"], "uri": "u", "name": "n"})").value() == entry);
  CHECK(parse_registration_line("{ \"name\":\"\\u006e\" ,\t\"uri\":\"u\",\"metadata\":[\"a\",\"b\"] }\r\n").value() ==
        entry);
  CHECK(parse_registration_line(R"({"name":"n","uri":"u"})").value() == NameEntry{"n", "u", {}});
  CHECK(parse_registration_line(R"({"name":"n","uri":"u","metadata":null})").value() == NameEntry{"n", "u", {}});
  CHECK(parse_registration_line(R"({"name":"\ud83d\ude00","uri":"u"})").value().name == "\xF0\x9F\x98\x80");
  CHECK(parse_registration_line(R"({"name":"\u0000","uri":"u"})").value().name == std::string(1, '\0'));
}

TEST_CASE("lines that make no sense") {
  CHECK(trouble_with("") == "invalid json: The document is empty");
  CHECK(trouble_with("{\"name\":\"n\"").starts_with("invalid json: "));
  CHECK(trouble_with("{\"name\":\"n\",\"uri\":\"\xFF\"}") == "json text is no utf-8");
  CHECK(trouble_with("{\"name\":\"n\",\"uri\":\"u\"} {}").starts_with("invalid json: "));
  CHECK(trouble_with("[]") == "it is no object {…}");
  CHECK(trouble_with("{}") == "\"name\" is missing");
  CHECK(trouble_with(R"({"name":"n"})") == "\"uri\" is missing");
  CHECK(trouble_with(R"({"name":1,"uri":"u"})") == "\"name\" is no text");
  CHECK(trouble_with(R"({"name":"n","uri":null})") == "\"uri\" is no text");
  CHECK(trouble_with(R"({"name":"n","uri":"u","metadata":"t"})") == "\"metadata\" is no list");
  CHECK(trouble_with(R"({"name":"n","uri":"u","metadata":["t",[]]})") == "a tag is no text");
  CHECK(trouble_with(R"({"name":"n","uri":"u","tags":[]})") == "a registration has no \"tags\"");
  CHECK(trouble_with(R"({"name":"n","uri":"u","x\u001b":[]})") == "a registration has no \"x\\x1b\"");
  CHECK(trouble_with(R"({"name":"\ud800","uri":"u"})") == "\"name\" has a lone surrogate, which cannot be stored");
  CHECK(trouble_with(R"({"name":"n","uri":"u","metadata":["\udc00"]})") ==
        "a tag has a lone surrogate, which cannot be stored");
}

TEST_CASE("of two equal keys none is the right one") {
  CHECK(trouble_with(R"({"name":"a","uri":"u","name":"b"})") == "\"name\" stands there twice");
  CHECK(trouble_with(R"({"name":"a","uri":"u","uri":"u"})") == "\"uri\" stands there twice");
  CHECK(trouble_with(R"({"metadata":null,"name":"a","uri":"u","metadata":["t"]})") ==
        "\"metadata\" stands there twice");
  CHECK(trouble_with(R"({"name":"a","n\u0061me":"b","uri":"u"})") == "\"name\" stands there twice");
}

TEST_CASE("very long texts, very many tags, very deep nonsense") {
  const std::string text(1U << 20U, 'x');
  const NameEntry entry{text, text, {text, text + "x"}};
  CHECK(parse_registration_line(registration_line(entry).value()).value() == entry);
  std::string tags = "0";
  for (int i = 0; i < 20000; ++i) tags += "\",\"" + std::to_string(i);
  CHECK(parse_registration_line(R"({"name":"n","uri":"u","metadata":[")" + tags + "\"]}").value().metadata.size() ==
        20000);
  CHECK(trouble_with(R"({"name":)" + std::string(100000, '[')) == "nested deeper than 200 levels");
}

TEST_CASE("each line with one byte changed, lost or doubled is refused, or reads the same after it is written") {
  const std::string line =
      "{\"name\":\"a\\ud83d\\ude00\xE2\x82\xAC\",\"uri\":\"PYRO:a@h:1\",\"metadata\":[\"s\\\"\",\"t\\n\"]}\n";
  check_property(line);
  for (std::size_t i = 0; i < line.size(); ++i) {
    check_property(line.substr(0, i));
    check_property(std::string(line).erase(i, 1));
    check_property(std::string(line).insert(i, 1, line[i]));
    for (const char c : {'\0', '"', '\\', ',', '}', ']', '0', 'd', '\x80', '\xED', '\xFF'}) {
      std::string changed = line;
      changed[i] = c;
      check_property(changed);
    }
  }
}

}  // namespace hearth::nsc
