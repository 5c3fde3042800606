// The brake of Autoclean: too many failures at once remove nothing.
#include <doctest/doctest.h>

#include <string>

#include "nameserver/upkeep/autoclean.h"
#include "tests/unit/nameserver/upkeep/cleaning.h"

namespace hearth {
namespace {

/// Ten hosts with two names each, of which the first so many fail.
struct TenHosts : Cleaning {
  TenHosts() {
    for (int host = 0; host < 10; ++host) {
      for (const char* object : {"x", "y"}) {
        add("h" + std::to_string(host) + object, std::string("PYRO:") + object + "@h" + std::to_string(host) + ":1");
      }
    }
    prober.otherwise = [this](const Location& location) {
      return location.host[1] - '0' < failing ? no_answer() : answers();
    };
  }

  int failing = 0;
};

}  // namespace

TEST_CASE("autoclean brake: half of ten may go, more may not") {
  TenHosts test;
  SUBCASE("half") {
    test.failing = 5;
    test.rounds(8);
    CHECK(test.index.size() == 10);
    CHECK_FALSE(test.autoclean.status().is_braked);
  }
  SUBCASE("more than half") {
    test.failing = 6;
    test.rounds(100);
    CHECK(test.index.size() == 20);
    CHECK(test.autoclean.status().is_braked);
    CHECK(test.autoclean.status().failing == 6);
    CHECK(test.autoclean.status().suspects == 12);
  }
  SUBCASE("more than half of nine") {
    test.submit(remove({"h9x", "h9y"}));
    test.failing = 9;
    test.rounds(8);
    CHECK(test.index.size() == 0);
  }
}

TEST_CASE("autoclean brake: it releases by itself, and the grace begins then") {
  TenHosts test;
  test.failing = 6;
  test.rounds(20);
  REQUIRE(test.autoclean.status().is_braked);
  test.failing = 5;
  test.rounds(1);
  CHECK_FALSE(test.autoclean.status().is_braked);
  test.rounds(5);
  CHECK(test.index.size() == 20);
  test.rounds(1);  // the last round with the brake on is 21 s ago
  CHECK(test.index.size() == 10);
}

TEST_CASE("autoclean brake: an operator's confirmation removes what fails, and nothing else") {
  TenHosts test;
  CHECK(test.autoclean.confirm() == 0);
  test.failing = 8;
  test.rounds(20);
  REQUIRE(test.autoclean.status().is_braked);
  CHECK(test.autoclean.confirm() == 16);
  CHECK_FALSE(test.autoclean.status().is_braked);
  CHECK(test.autoclean.confirm() == 0);
  CHECK(test.index.size() == 20);
  test.rounds(7);
  CHECK(test.index.size() == 4);
  CHECK(test.index.find("h8x") != nullptr);
}

TEST_CASE("autoclean brake: a confirmed location that answers is one like any other") {
  TenHosts test;
  test.failing = 10;
  test.rounds(1);
  CHECK(test.autoclean.confirm() == 20);
  test.failing = 0;
  test.rounds(1);
  test.failing = 10;
  test.rounds(20);
  CHECK(test.autoclean.status().is_braked);
  CHECK(test.index.size() == 20);
}

TEST_CASE("autoclean brake: a registration at a confirmed location takes the confirmation back") {
  TenHosts test;
  test.failing = 10;
  test.rounds(1);
  CHECK(test.autoclean.confirm() == 20);
  for (int host = 0; host < 10; ++host) {
    test.add("new" + std::to_string(host), "PYRO:z@h" + std::to_string(host) + ":1");
  }
  test.rounds(20);
  CHECK(test.autoclean.status().is_braked);
  CHECK(test.index.size() == 30);
}

TEST_CASE("autoclean brake: objects that their servers do not know are no failing locations, but wait as well") {
  TenHosts test;
  test.failing = 6;
  test.prober.results["h9:1"] = answers_with({"x"});
  test.rounds(20);
  CHECK(test.index.size() == 20);
  test.failing = 0;
  test.rounds(8);
  CHECK(test.index.size() == 19);
  CHECK(test.index.find("h9y") == nullptr);
}

}  // namespace hearth
