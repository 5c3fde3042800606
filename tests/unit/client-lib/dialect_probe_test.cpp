// In which dialect a server is greeted next.
#include "client-lib/src/dialect_probe.h"

#include <doctest/doctest.h>

namespace hearth::test {
namespace {

const Uri place = parse_uri("PYRO:o@h:1").value();

ConnectFailure hang_up() { return {{ClientErrorKind::unreachable, "hung up"}, StepOutcome::hung_up}; }

}  // namespace

TEST_CASE("dialect probe: a server that answers in the other dialect is greeted in that") {
  for (const Dialect first : {Dialect::pyro4, Dialect::pyro5}) {
    DialectProbe probe(first, false);
    CHECK(probe.current() == first);
    CHECK_FALSE(probe.other_dialect_spoken(place).has_value());
    CHECK(probe.current() != first);
    CHECK(probe.other_dialect_spoken(place)->error.text == "h:1 answers each Pyro protocol in the other one");
  }
}

TEST_CASE("dialect probe: one that hangs up is asked once more") {
  DialectProbe probe(Dialect::pyro5, false);
  CHECK_FALSE(probe.greeting_failed(hang_up()).has_value());
  CHECK(probe.current() == Dialect::pyro4);
  CHECK(probe.greeting_failed(hang_up())->error.text == "hung up");

  DialectProbe strange(Dialect::pyro5, false);
  CHECK_FALSE(strange.greeting_failed(hang_up()).has_value());
  CHECK(strange.other_dialect_spoken(place)->error.text == "hung up");
}

TEST_CASE("dialect probe: other failures are no question of the dialect") {
  DialectProbe probe(Dialect::pyro5, false);
  CHECK(probe.greeting_failed({{ClientErrorKind::timeout, "late"}, StepOutcome::silent})->error.text == "late");
}

TEST_CASE("dialect probe: a key is for Pyro4 only") {
  DialectProbe probe(Dialect::pyro5, true);
  CHECK(probe.current() == Dialect::pyro4);
  CHECK(probe.greeting_failed(hang_up()).has_value());
  CHECK(probe.other_dialect_spoken(place)->outcome == StepOutcome::key_unwanted);
}

}  // namespace hearth::test
