#include "protocol/base/log.h"

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>

#include "protocol/base/log_text.h"

namespace hearth {
namespace {

constexpr std::array<std::string_view, 6> category_names{"net", "store", "server", "wire", "discovery", "upkeep"};

constexpr const char* dated_pattern = "%Y-%m-%d %H:%M:%S.%e %l %v";
constexpr const char* journal_pattern = "<%*>%v";

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

/// The `%*` of journal_pattern: syslog's priority of the line (sd-daemon(3)).
class PriorityFlag final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
    out.push_back(priority(message.level));
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<PriorityFlag>();
  }

 private:
  static char priority(spdlog::level::level_enum level) {
    if (level <= spdlog::level::debug) return '7';
    if (level == spdlog::level::info) return '6';
    return level == spdlog::level::warn ? '4' : '3';
  }
};

std::unique_ptr<spdlog::formatter> formatter(const char* pattern) {
  auto made = std::make_unique<spdlog::pattern_formatter>();
  made->add_flag<PriorityFlag>('*').set_pattern(pattern);
  return made;
}

using SinkPtr = std::shared_ptr<spdlog::sinks::sink>;

SinkPtr stderr_sink(bool is_journal) {
  auto made = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  made->set_formatter(formatter(is_journal ? journal_pattern : dated_pattern));
  return made;
}

Result<SinkPtr> file_sink(const std::string& file) {
  try {
    auto made = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
    made->set_formatter(formatter(dated_pattern));
    return made;
  } catch (const spdlog::spdlog_ex& error) {
    return fail(ErrorKind::system,
                fmt::format("cannot write the log file: {}; let the user that hearthd runs as write there, or unset "
                            "the log file to log to stderr",
                            error.what()));
  }
}

/// The one global of the project: where log lines go, and which.
class Log {
 public:
  Log() : targets_(std::make_shared<spdlog::sinks::dist_sink_mt>()), logger_("hearth", targets_) {
    targets_->set_sinks({stderr_sink(false)});
    logger_.set_level(spdlog::level::debug);  // what is written is decided before it gets there
    logger_.flush_on(spdlog::level::debug);
    set_thresholds({});
  }

  Result<void> open(const LogSettings& settings) {
    Result<SinkPtr> target = stderr_sink(settings.stderr_is_journal);
    if (!settings.file.empty()) target = file_sink(settings.file);
    if (!target) return forward_error(target);
    targets_->set_sinks({std::move(*target)});
    set_thresholds(settings);
    return {};
  }

  [[nodiscard]] bool is_enabled(LogLevel level, LogCategory category) const {
    return level >= thresholds_[static_cast<std::size_t>(category)].load(std::memory_order_relaxed);
  }

  void write(LogLevel level, LogCategory category, std::string_view text) {
    logger_.log(spdlog_level(level), "{}: {}", category_names[static_cast<std::size_t>(category)], one_line(text));
  }

 private:
  void set_thresholds(const LogSettings& settings) {
    for (std::size_t i = 0; i < thresholds_.size(); ++i) {
      const auto category = static_cast<LogCategory>(i);
      const auto& named = settings.debug_categories;
      LogLevel threshold = settings.threshold;
      if (category == LogCategory::wire) threshold = std::max(threshold, LogLevel::info);
      if (std::find(named.begin(), named.end(), category) != named.end()) threshold = LogLevel::debug;
      thresholds_[i].store(threshold, std::memory_order_relaxed);
    }
  }

  std::array<std::atomic<LogLevel>, category_names.size()> thresholds_{};
  std::shared_ptr<spdlog::sinks::dist_sink_mt> targets_;
  spdlog::logger logger_;
};

Log& the_log() {
  static Log log;
  return log;
}

}  // namespace

std::span<const std::string_view> log_category_names() { return category_names; }

std::optional<LogCategory> log_category_named(std::string_view name) {
  const auto found = std::find(category_names.begin(), category_names.end(), name);
  if (found == category_names.end()) return std::nullopt;
  return static_cast<LogCategory>(found - category_names.begin());
}

Result<void> open_log(const LogSettings& settings) { return the_log().open(settings); }

bool is_stderr_journal(std::string_view journal_stream) {
  struct stat status {};
  if (journal_stream.empty() || fstat(STDERR_FILENO, &status) != 0) return false;
  return journal_stream == fmt::format("{}:{}", status.st_dev, status.st_ino);
}

bool log_enabled(LogLevel level, LogCategory category) { return the_log().is_enabled(level, category); }

void log(LogLevel level, LogCategory category, std::string_view text) {
  if (the_log().is_enabled(level, category)) the_log().write(level, category, text);
}

}  // namespace hearth
