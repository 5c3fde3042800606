#include "nsc/interruption.h"

#include <doctest/doctest.h>

namespace hearth::nsc {
namespace {

using Handler = void (*)(int);

Handler handler_of(int number) {
  struct sigaction found {};
  REQUIRE(sigaction(number, nullptr, &found) == 0);
  return found.sa_handler;
}

TEST_CASE("an interruption is noted once, and the next one ends the process") {
  const Handler before = handler_of(SIGTERM);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    {
      const Interruption interruption;
      CHECK_FALSE(interruption.has_come());
      CHECK(std::raise(number) == 0);
      CHECK(interruption.has_come());
      for (const int next : {SIGINT, SIGTERM, SIGHUP}) CHECK((handler_of(next) == SIG_DFL));
    }
    CHECK((handler_of(SIGTERM) == before));
  }
}

TEST_CASE("an interruption leaves what nohup ignores") {
  const auto before = std::signal(SIGHUP, SIG_IGN);
  {
    const Interruption interruption;
    CHECK(std::raise(SIGHUP) == 0);
    CHECK_FALSE(interruption.has_come());
  }
  std::signal(SIGHUP, before);
}

}  // namespace
}  // namespace hearth::nsc
