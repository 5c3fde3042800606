#include "protocol/base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <memory>

namespace hearth {
namespace {

constexpr std::array<std::string_view, 3> category_names{"net", "store", "server"};

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

/// The one global of the project: where log lines go.
spdlog::logger& sink() {
  static spdlog::logger logger = [] {
    spdlog::logger made("hearth", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made.set_pattern("%Y-%m-%d %H:%M:%S.%e %l %v");
    made.flush_on(spdlog::level::debug);
    return made;
  }();
  return logger;
}

}  // namespace

std::span<const std::string_view> log_category_names() { return category_names; }

void set_log_threshold(LogLevel threshold) { sink().set_level(spdlog_level(threshold)); }

bool log_enabled(LogLevel level) { return sink().should_log(spdlog_level(level)); }

void log(LogLevel level, LogCategory category, std::string_view text) {
  sink().log(spdlog_level(level), "{}: {}", category_names[static_cast<std::size_t>(category)], text);
}

}  // namespace hearth
