/// FakeServiceManager: notes what it is told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "nameserver/service_reports.h"

namespace hearth {

class FakeServiceManager final : public ServiceManager {
 public:
  void notify(const std::string& assignments) override {
    told.push_back(assignments);
    if (on_notify) on_notify();
  }
  [[nodiscard]] std::optional<std::uint64_t> watchdog_timeout_ms() const override { return timeout_ms; }

  /// Messages that hold the text.
  [[nodiscard]] std::size_t count_of(const std::string& text) const {
    std::size_t count = 0;
    for (const std::string& message : told) count += message.find(text) == std::string::npos ? 0U : 1U;
    return count;
  }

  std::vector<std::string> told;
  std::optional<std::uint64_t> timeout_ms;
  std::function<void()> on_notify;
};

}  // namespace hearth
