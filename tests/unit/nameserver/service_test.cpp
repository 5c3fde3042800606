#include "nameserver/service.h"

#include <doctest/doctest.h>

#include "tests/support/fake_service_manager.h"

namespace hearth {

TEST_CASE("service: the loop keeps the manager informed until the end") {
  Loop loop;
  auto owned = std::make_unique<FakeServiceManager>();
  FakeServiceManager& manager = *owned;
  manager.timeout_ms = 3;
  ServiceReporter reporter(loop, std::move(owned), [&manager] { return std::to_string(manager.told.size()); });
  manager.on_notify = [&] {
    if (manager.count_of("WATCHDOG=1") == 3) loop.stop();
  };
  reporter.ready();
  loop.run();
  reporter.reloading();
  reporter.ready();
  reporter.stopping();
  loop.run();  // returns, as nothing is left to wait for
  REQUIRE(manager.told.size() == 7);
  CHECK(manager.told[0] == "READY=1\nSTATUS=0");
  CHECK(manager.told[1] == "WATCHDOG=1\n");
  CHECK(manager.told[4].substr(0, 27) == "RELOADING=1\nMONOTONIC_USEC=");
  CHECK(manager.told[5] == "READY=1\nSTATUS=5");
  CHECK(manager.told[6].substr(0, 11) == "STOPPING=1\n");
}

TEST_CASE("service: without a manager nothing happens, and nothing keeps the loop alive") {
  Loop loop;
  ServiceReporter reporter(loop, nullptr, []() -> std::string {
    FAIL("nobody asked");
    return {};
  });
  reporter.ready();
  reporter.reloading();
  loop.run();
  reporter.stopping();
}

}  // namespace hearth
