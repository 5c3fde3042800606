/// ServiceReports: what the service manager is told, and when: the lines of sd_notify(3), without a socket or a clock.
///
/// Layer: nameserver.        Thread rule: none, plain object; the caller says what time it is.
/// Order: ready(), then any number of reloading() and ready(), then stopping(); tick() all the while.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace hearth {

/// The other end. An interface, so that tests see what it is told.
class ServiceManager {
 public:
  virtual ~ServiceManager() = default;
  /// `assignments` are lines as sd_notify(3) lists them: "READY=1\nSTATUS=…". They go out together.
  virtual void notify(const std::string& assignments) = 0;
  /// A service that gives no sign of life for so long is killed and started again; nullopt: it is not watched.
  [[nodiscard]] virtual std::optional<std::uint64_t> watchdog_timeout_ms() const = 0;
};

class ServiceReports {
 public:
  /// `manager` must outlive it.
  explicit ServiceReports(ServiceManager& manager);

  /// The server serves: for the first time, or again after a reload. `status` is one line for people, here and in tick().
  void ready(std::uint64_t now_ms, const std::string& status);
  /// `monotonic_us` is CLOCK_MONOTONIC, by which the manager tells this reload from an older one.
  void reloading(std::uint64_t monotonic_us);
  void stopping();

  /// Call it every tick_period_ms() from the loop: a loop that is stuck misses it, and so the watchdog bites. Sends the status if
  /// it has changed, once in service_status_period_ms (limits.h) at most.
  void tick(std::uint64_t now_ms, const std::string& status);
  [[nodiscard]] std::uint64_t tick_period_ms() const;

 private:
  ServiceManager& manager_;
  const std::optional<std::uint64_t> watchdog_period_ms_;
  std::uint64_t watchdog_due_ms_ = 0;
  std::uint64_t status_due_ms_ = 0;
  std::string status_;  ///< the last that was sent
};

/// What `systemctl status` shows, before what is wrong at present.
struct ServiceStatus {
  std::uint64_t registrations = 0;
  std::uint64_t connections = 0;
  std::optional<std::string> refusal;         ///< why changes are refused
  std::optional<std::string> reload_failure;  ///< why the settings are still the old ones
};

/// "1234 registrations, 56 connections"
[[nodiscard]] std::string status_text(const ServiceStatus& status);

}  // namespace hearth
