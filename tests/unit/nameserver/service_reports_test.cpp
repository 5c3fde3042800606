#include "nameserver/service_reports.h"

#include <doctest/doctest.h>

#include "protocol/base/limits.h"
#include "tests/support/fake_service_manager.h"

namespace hearth {
namespace {

using Told = std::vector<std::string>;

constexpr std::uint64_t start_ms = 5000;

/// Ticks as often as asked for, up to and including `end_ms`.
void tick_until(ServiceReports& reports, std::uint64_t& now_ms, std::uint64_t end_ms, const std::string& status) {
  while (now_ms + reports.tick_period_ms() <= end_ms) {
    now_ms += reports.tick_period_ms();
    reports.tick(now_ms, status);
  }
}

}  // namespace

TEST_CASE("service reports: ready, reloading, stopping") {
  FakeServiceManager manager;
  ServiceReports reports(manager);
  reports.ready(start_ms, "1 registration, 0 connections");
  reports.reloading(123456789);
  reports.ready(start_ms, "2 registrations, 0 connections");
  reports.stopping();
  CHECK(manager.told == Told{"READY=1\nSTATUS=1 registration, 0 connections",
                             "RELOADING=1\nMONOTONIC_USEC=123456789\nSTATUS=reading the settings again",
                             "READY=1\nSTATUS=2 registrations, 0 connections",
                             "STOPPING=1\nSTATUS=finishing what was asked for"});
}

TEST_CASE("service reports: an unchanged status is not repeated") {
  FakeServiceManager manager;
  ServiceReports reports(manager);
  reports.ready(start_ms, "same");
  manager.told.clear();
  std::uint64_t now_ms = start_ms;
  tick_until(reports, now_ms, start_ms + 3600 * 1000, "same");
  CHECK(manager.told.empty());
}

TEST_CASE("service reports: a status that changes all the time is sent once a period, and the last one is not lost") {
  FakeServiceManager manager;
  manager.timeout_ms = 300;  // ticks far more often than the status may be sent
  ServiceReports reports(manager);
  reports.ready(start_ms, "0");
  manager.told.clear();
  std::uint64_t now_ms = start_ms;
  while (now_ms < start_ms + 5 * service_status_period_ms) {
    now_ms += reports.tick_period_ms();
    reports.tick(now_ms, std::to_string(now_ms));
  }
  CHECK(manager.count_of("STATUS=") == 5);
  tick_until(reports, now_ms, now_ms + service_status_period_ms, "last");
  CHECK(manager.count_of("STATUS=last\n") == 1);
}

TEST_CASE("service reports: the watchdog hears of us three times in its time-out") {
  for (const std::uint64_t timeout_ms : {3ULL, 300ULL, 6000ULL, 30000ULL, 3600000ULL}) {
    FakeServiceManager manager;
    manager.timeout_ms = timeout_ms;
    ServiceReports reports(manager);
    reports.ready(start_ms, "same");
    CHECK(manager.count_of("WATCHDOG=1") == 0);
    std::uint64_t now_ms = start_ms;
    std::uint64_t last_sign_ms = start_ms;
    for (int signs = 0; signs < 10;) {
      manager.told.clear();
      now_ms += reports.tick_period_ms();
      reports.tick(now_ms, "same");
      if (manager.told.empty()) continue;
      CHECK(manager.told == Told{"WATCHDOG=1\n"});
      CHECK(now_ms - last_sign_ms >= timeout_ms / 3);
      CHECK(now_ms - last_sign_ms < timeout_ms / 2 + service_status_period_ms / 2);
      last_sign_ms = now_ms;
      ++signs;
    }
  }
}

TEST_CASE("service reports: a reload does not put the watchdog off") {
  FakeServiceManager manager;
  manager.timeout_ms = 300;
  ServiceReports reports(manager);
  reports.ready(start_ms, "same");
  for (std::uint64_t passed_ms = 10; passed_ms <= 100; passed_ms += 10) reports.ready(start_ms + passed_ms, "same");
  reports.tick(start_ms + 100, "same");
  CHECK(manager.count_of("WATCHDOG=1") == 1);
}

TEST_CASE("service reports: without a watchdog there are no signs of life") {
  FakeServiceManager manager;
  ServiceReports reports(manager);
  reports.ready(start_ms, "0");
  std::uint64_t now_ms = start_ms;
  tick_until(reports, now_ms, start_ms + 3600 * 1000, "1");
  CHECK(manager.count_of("WATCHDOG=1") == 0);
}

TEST_CASE("service reports: the status line") {
  CHECK(status_text({1234, 56, {}, {}}) == "1234 registrations, 56 connections");
  CHECK(status_text({1, 1, {}, {}}) == "1 registration, 1 connection");
  CHECK(status_text({0, 0, {}, {}}) == "0 registrations, 0 connections");
  CHECK(status_text({2, 3, "the disk is full", {}}) ==
        "2 registrations, 3 connections; changes are refused: the disk is full");
  CHECK(status_text({2, 3, {}, "bad\nREADY=1"}) ==
        "2 registrations, 3 connections; the settings were not reloaded: bad\\nREADY=1");
}

}  // namespace hearth
