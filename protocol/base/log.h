/// The log: one line an event, with a level and a category, on stderr or into a file.
///
/// Layer: base (spdlog stays in log.cpp).        Thread rule: any thread; open_log() may replace the target while others write.
/// A line is written where an error is handled, not where it is created. Connections put their id (`c#17`) into the text.
/// Callers format with fmt::format; guard costly texts with log_enabled().
/// Texts may hold what peers sent: log() makes them one line, printable and bounded (log_text.h), so nobody forges a line.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hearth/result.h>

namespace hearth {

enum class LogLevel : unsigned char { debug, info, warning, error };

/// What a line is about; each can be switched to debug by its name (`--debug=wire,store`).
enum class LogCategory : unsigned char {
  net,        ///< connections and listeners
  store,      ///< the storage and what is committed to it
  server,     ///< start, stop, settings, service manager
  wire,       ///< every message, in and out
  discovery,  ///< broadcasts and other name servers
  upkeep,     ///< the removal of dead registrations
};

/// In the order of the enum; what `--debug` takes.
[[nodiscard]] std::span<const std::string_view> log_category_names();
[[nodiscard]] std::optional<LogCategory> log_category_named(std::string_view name);

struct LogSettings {
  /// Lines below it are dropped. `debug` shows the debug lines of every category but `wire`, which asks to be named, as the
  /// reference's PYRO_LOGWIRE does: a line a message would bury all others.
  LogLevel threshold = LogLevel::info;
  std::vector<LogCategory> debug_categories = {};  ///< their lines are all written, whatever the threshold
  std::string file = {};                           ///< appended to; empty: stderr
  /// stderr is read by journald: lines begin with a priority (`<4>`, sd-daemon(3)) and have no time of their own.
  bool stderr_is_journal = false;
};

/// Also reopens the file, for whoever has moved it away. Before the first call lines of `info` and above go to stderr.
/// On failure the log stays as it was; the error names the file.
[[nodiscard]] Result<void> open_log(const LogSettings& settings);

/// Whether `journal_stream`, the value of $JOURNAL_STREAM, means what stderr is connected to (systemd.exec(5)): the variable
/// is inherited by programs whose stderr has been redirected since.
[[nodiscard]] bool is_stderr_journal(std::string_view journal_stream);

[[nodiscard]] bool log_enabled(LogLevel level, LogCategory category);
void log(LogLevel level, LogCategory category, std::string_view text);

}  // namespace hearth
