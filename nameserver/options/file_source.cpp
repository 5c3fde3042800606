#include "nameserver/options/file_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "nameserver/options/command_line.h"
#include "nameserver/options/nearest.h"
#include "nameserver/options/value_text.h"

namespace hearth {
namespace {

std::string unknown_key(const ConfigLine& line, std::span<const Setting> table, std::span<const Setting> other_table) {
  if (find_setting(other_table, line.key) != nullptr) {
    return line.section.empty() ? fmt::format("{} is a limit: put it behind a line [{}]", line.key, limits_section)
                                : fmt::format("{} is no limit: put it before the line [{}]", line.key, line.section);
  }
  const auto actions = command_line_actions();
  if (std::ranges::find(actions, line.key, &CommandLineAction::name) != actions.end()) {
    return fmt::format("{} can only be given on the command line", line.key);
  }
  return fmt::format("there is no {} {}{}", line.section.empty() ? "setting" : "limit", shown(line.key),
                     did_you_mean(line.key, names_of(table)));
}

Result<const Setting*> setting_of(const ConfigLine& line) {
  if (!line.section.empty() && line.section != limits_section) {
    constexpr std::array sections{limits_section};
    return fail(ErrorKind::malformed,
                fmt::format("there is no section [{}]{}", shown(line.section), did_you_mean(line.section, sections)));
  }
  const auto table = line.section.empty() ? settings() : limit_settings();
  const auto other_table = line.section.empty() ? limit_settings() : settings();
  const Setting* setting = find_setting(table, line.key);
  if (setting == nullptr) return fail(ErrorKind::malformed, unknown_key(line, table, other_table));
  return setting;
}

}  // namespace

Result<Source> file_source(const ConfigFile& file) {
  Source source;
  for (const ConfigLine& line : file.lines) {
    const std::string origin = fmt::format("{}:{}", file.path, line.number);
    auto setting = setting_of(line);
    if (!setting) return fail(ErrorKind::malformed, origin + ": " + setting.error().text);
    if (line.value.empty()) continue;
    const auto earlier = std::ranges::find(
        source, subject_of(**setting), [](const Assignment& assignment) { return subject_of(*assignment.setting); });
    if (earlier == source.end()) {
      source.push_back({*setting, {line.value}, origin, fmt::format("{}: {} = ", origin, line.key)});
    } else if (is_list(**setting)) {
      earlier->values.push_back(line.value);
    } else {
      return fail(ErrorKind::malformed,
                  fmt::format("{}: {} is set already, by {}: keep one of the two", origin, line.key, earlier->origin));
    }
  }
  return source;
}

}  // namespace hearth
