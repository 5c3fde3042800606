#include "nameserver/logging.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "protocol/base/log.h"

namespace hearth {

Result<void> open_log_as(const Options& options, const Environment& environment) {
  LogSettings settings;
  settings.threshold = options.log_level;
  settings.file = options.log_file;
  settings.stderr_is_journal = is_stderr_journal(value_of(environment, "JOURNAL_STREAM"));
  for (const std::string& name : options.debug_categories) {
    const auto category = log_category_named(name);
    if (!category) {
      return fail(ErrorKind::malformed, fmt::format("there is no debug category {}: choose from {}", name,
                                                    fmt::join(log_category_names(), ", ")));
    }
    settings.debug_categories.push_back(*category);
  }
  return open_log(settings);
}

}  // namespace hearth
