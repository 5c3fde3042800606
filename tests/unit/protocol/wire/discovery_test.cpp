#include "protocol/wire/discovery.h"

#include <doctest/doctest.h>

#include <string>

namespace hearth {

TEST_CASE("discovery: an answer is the URI in ISO-8859-1") {
  const std::string uri = "PYRO:Pyro.NameServer@192.0.2.7:9090";
  CHECK(discovery_answer(uri) == uri);
  CHECK(discovery_answer("PYRO:o@\xC3\xA9:1") == "PYRO:o@\xE9:1");  // U+00E9
  CHECK(uri_in_discovery_answer("PYRO:o@\xE9:1") == "PYRO:o@\xC3\xA9:1");
  CHECK(discovery_answer("PYRO:o@\xE2\x82\xAC:1") == std::nullopt);  // U+20AC
  CHECK(discovery_answer("PYRO:o@\xFF:1") == std::nullopt);          // no UTF-8
}

TEST_CASE("discovery: an answer is no longer than what clients read") {
  CHECK(discovery_answer(std::string(100, 'x')) == std::string(100, 'x'));
  CHECK(discovery_answer(std::string(101, 'x')) == std::nullopt);
  CHECK(uri_in_discovery_answer(std::string(101, 'x')) == std::string(100, 'x'));
}

}  // namespace hearth
