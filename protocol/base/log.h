/// The log: one line an event, on stderr, with a level and a category.
///
/// Layer: base (spdlog stays in log.cpp).        Thread rule: any thread.
/// A line is written where an error is handled, not where it is created. Connections put their id (`c#17`) into the text.
/// Callers format with fmt::format; guard costly texts with log_enabled().
#pragma once

#include <span>
#include <string_view>

namespace hearth {

enum class LogLevel : unsigned char { debug, info, warning, error };
enum class LogCategory : unsigned char { net, store, server };

/// In the order of the enum; what `--debug` takes.
[[nodiscard]] std::span<const std::string_view> log_category_names();

/// Lines below `threshold` are dropped. The default is info.
void set_log_threshold(LogLevel threshold);

[[nodiscard]] bool log_enabled(LogLevel level);
void log(LogLevel level, LogCategory category, std::string_view text);

}  // namespace hearth
