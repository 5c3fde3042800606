#include "nsc/print.h"

#include <doctest/doctest.h>

namespace hearth::nsc {

TEST_CASE("nsc prints listings as Pyro's nsc does, with the tags as a set") {
  const NameListing listing{{"a", "PYRO:a@h:1", {"it's", "x\ny", "\xC3\xBC"}}, {"b c", "PYRO:b@./u:/tmp/s", {}}};
  CHECK(listing_text(listing, "- prefix ''") ==
        "--------START LIST - prefix ''\n"
        "a --> PYRO:a@h:1\n"
        "    metadata: {\"it's\", 'x\\ny', '\xC3\xBC'}\n"
        "b c --> PYRO:b@./u:/tmp/s\n"
        "--------END LIST - prefix ''\n");
  CHECK(listing_text({}, "") == "--------START LIST \n--------END LIST \n");
}

TEST_CASE("nsc prints one registration") {
  CHECK(entry_text({"a", "PYRO:a@h:1", {"t"}}) == "PYRO:a@h:1\nmetadata: {'t'}\n");
  CHECK(entry_text({"a", "PYRO:a@h:1", {}}) == "PYRO:a@h:1\n");
}

TEST_CASE("nsc prints JSON") {
  CHECK(json_line(listing_value({{"q\"", "PYRO:a@h:1", {"s", "t"}}, {"z", "PYRO:z@h:2", {}}})).value() ==
        R"({"q\"":{"uri":"PYRO:a@h:1","metadata":["s","t"]},"z":{"uri":"PYRO:z@h:2","metadata":[]}})"
        "\n");
  CHECK(json_line(entry_value({"z", "PYRO:z@h:2", {}})).value() ==
        "{\"name\":\"z\",\"uri\":\"PYRO:z@h:2\",\"metadata\":[]}\n");
  CHECK(json_line(listing_value({})).value() == "{}\n");
  CHECK(json_line(entry_value({"\xED\xA0\x80", "", {}})).error().kind == ErrorKind::unsupported);
}

TEST_CASE("nsc prints amounts of bytes") {
  CHECK(bytes_text(0) == "0 bytes");
  CHECK(bytes_text(1023) == "1023 bytes");
  CHECK(bytes_text(1024) == "1.0 KiB");
  CHECK(bytes_text((5U << 20U) + (512U << 10U)) == "5.5 MiB");
  CHECK(bytes_text(std::uint64_t{3000} << 40U) == "3000.0 TiB");
}

}  // namespace hearth::nsc
