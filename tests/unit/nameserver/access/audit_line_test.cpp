#include "nameserver/access/audit_line.h"

#include <doctest/doctest.h>

#include <string>

namespace hearth::test {

TEST_CASE("audit line: a change") {
  CHECK(audit_line(1764274503042, {.event = "overwrite",
                                   .peer = "192.0.2.7:50123",
                                   .identity = "token:alice",
                                   .name = "lab.x",
                                   .uri = "PYRO:new@h:1",
                                   .old_uri = "PYRO:old@h:1"}) ==
        R"({"time":"2025-11-27T20:15:03.042Z","event":"overwrite","peer":"192.0.2.7:50123",)"
        R"("identity":"token:alice","name":"lab.x","uri":"PYRO:new@h:1","old_uri":"PYRO:old@h:1"})"
        "\n");
  CHECK(
      audit_line(0, {.event = "remove", .peer = "unix socket", .identity = "", .name = "", .old_uri = "PYRO:o@h:1"}) ==
      R"({"time":"1970-01-01T00:00:00.000Z","event":"remove","peer":"unix socket","identity":null,"name":"",)"
      R"("uri":null,"old_uri":"PYRO:o@h:1"})"
      "\n");
}

TEST_CASE("audit line: a refusal") {
  CHECK(audit_line(1, {.event = "refusal", .peer = "p", .identity = "uid:0", .call = "list", .missing = "read"}) ==
        R"({"time":"1970-01-01T00:00:00.001Z","event":"refusal","peer":"p","identity":"uid:0","name":null,)"
        R"("call":"list","missing":"read"})"
        "\n");
}

TEST_CASE("audit line: a name cannot make two lines of one, nor none") {
  for (const std::string& name : {std::string("a\n{}"), std::string("a\0b", 3), std::string("\x1b[2J\"\\"),
                                  std::string("\xED\xA0\x80"), std::string("\xE2\x82\xAC")}) {
    const std::string line = audit_line(0, {.event = "register", .peer = "p", .identity = "i", .name = name});
    CHECK(line.find('\n') == line.size() - 1);
    CHECK(line.find('\0') == std::string::npos);
    CHECK(line.find('\x1b') == std::string::npos);
    CHECK(line.ends_with("}\n"));
  }
}

}  // namespace hearth::test
