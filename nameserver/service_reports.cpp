#include "nameserver/service_reports.h"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/base/limits.h"
#include "protocol/base/log_text.h"

namespace hearth {
namespace {

/// sd_watchdog_enabled(3) asks for half; a third leaves room for one that comes late.
constexpr std::uint64_t watchdog_signs_per_timeout = 3;

std::optional<std::uint64_t> watchdog_period_ms(const ServiceManager& manager) {
  const auto timeout_ms = manager.watchdog_timeout_ms();
  if (!timeout_ms) return std::nullopt;
  return std::max<std::uint64_t>(*timeout_ms / watchdog_signs_per_timeout, 1);
}

std::string counted(std::uint64_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

ServiceReports::ServiceReports(ServiceManager& manager)
    : manager_(manager), watchdog_period_ms_(watchdog_period_ms(manager)) {}

void ServiceReports::ready(std::uint64_t now_ms, const std::string& status) {
  status_ = status;
  status_due_ms_ = now_ms + service_status_period_ms;
  if (watchdog_period_ms_ && watchdog_due_ms_ == 0) watchdog_due_ms_ = now_ms + *watchdog_period_ms_;
  manager_.notify("READY=1\nSTATUS=" + status);
}

void ServiceReports::reloading(std::uint64_t monotonic_us) {
  manager_.notify(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\nSTATUS=reading the settings again", monotonic_us));
}

void ServiceReports::stopping() { manager_.notify("STOPPING=1\nSTATUS=finishing what was asked for"); }

void ServiceReports::tick(std::uint64_t now_ms, const std::string& status) {
  std::string assignments;
  if (watchdog_period_ms_ && now_ms >= watchdog_due_ms_) {
    assignments += "WATCHDOG=1\n";
    watchdog_due_ms_ = now_ms + *watchdog_period_ms_;
  }
  if (status != status_ && now_ms >= status_due_ms_) {
    assignments += "STATUS=" + status + "\n";
    status_ = status;
    status_due_ms_ = now_ms + service_status_period_ms;
  }
  if (!assignments.empty()) manager_.notify(assignments);
}

std::uint64_t ServiceReports::tick_period_ms() const {
  return std::min<std::uint64_t>(service_status_period_ms, watchdog_period_ms_.value_or(service_status_period_ms));
}

std::string status_text(const ServiceStatus& status) {
  std::string text = counted(status.registrations, "registration") + ", " + counted(status.connections, "connection");
  if (status.refusal) text += "; changes are refused: " + *status.refusal;
  if (status.reload_failure) text += "; the settings were not reloaded: " + *status.reload_failure;
  return one_line(text);  // an assignment ends at its line's end
}

}  // namespace hearth
