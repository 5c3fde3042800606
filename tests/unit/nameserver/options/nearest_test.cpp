#include "nameserver/options/nearest.h"

#include <doctest/doctest.h>

#include <array>

namespace hearth {

TEST_CASE("the nearest name is the one that was meant") {
  constexpr std::array<std::string_view, 5> names{"host", "port", "nathost", "log-level", "PYRO_NS_PORT"};
  CHECK(nearest("prot", names) == "port");
  CHECK(nearest("nat-host", names) == "nathost");
  CHECK(nearest("loglevel", names) == "log-level");
  CHECK(nearest("PYRO_NSPORT", names) == "PYRO_NS_PORT");
  CHECK(nearest("host", names) == "host");
  for (const char* stranger : {"", "x", "completely-different"}) {
    CAPTURE(stranger);
    CHECK(nearest(stranger, names).empty());
  }
  CHECK(nearest(std::string(100000, 'p'), names).empty());
  CHECK(did_you_mean("prot", names) == "; did you mean port?");
  CHECK(did_you_mean("x", names).empty());
  CHECK(nearest("x", {}).empty());
}

}  // namespace hearth
