#include "nameserver/options/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "nameserver/options/command_line.h"
#include "nameserver/options/config_file.h"
#include "nameserver/options/file_source.h"
#include "nameserver/options/setting_value.h"
#include "nameserver/options/version.h"

namespace hearth {
namespace {

constexpr std::array<std::pair<SettingGroup, std::string_view>, 7> help_groups{{
    {SettingGroup::addresses, "Addresses"},
    {SettingGroup::storage, "Storage"},
    {SettingGroup::discovery, "Discovery"},
    {SettingGroup::upkeep, "Upkeep"},
    {SettingGroup::protocol, "Protocol"},
    {SettingGroup::security, "Security"},
    {SettingGroup::logging, "Logging"},
}};

constexpr std::string_view help_start = R"(usage: hearthd [options]
Name server for Pyro4 and Pyro5 programs, with registrations that survive.
)";

constexpr std::string_view help_end = R"(
What the command line does not say is taken from the PYRO_* variables of Pyro4 and Pyro5, then from the
configuration file, where settings have the names of the long options: `port = 9090`. A flag that is set
there is unset by --FLAG=false, a text by --OPTION= with nothing behind it.
Exit status: 0 done, 1 failed, 2 wrong usage or configuration.
)";

constexpr std::size_t help_column = 31;
constexpr std::size_t help_width = 100;

/// Words between `indent` and help_width, from the current end of the text.
void append_wrapped(std::string_view words, std::string& text) {
  std::size_t column = help_column;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (column != help_column && column + 1 + end > help_width) {
      text += "\n" + std::string(help_column, ' ');
      column = help_column;
    }
    if (column != help_column) {
      text += ' ';
      ++column;
    }
    text += words.substr(0, end);
    column += end;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  text += '\n';
}

void append_option(char short_form, std::string_view name, std::string_view placeholder, const std::string& help,
                   std::string& text) {
  std::string line = short_form == '\0' ? "      --" : fmt::format("  -{}, --", short_form);
  line += name;
  if (!placeholder.empty()) line += fmt::format(" {}", placeholder);
  if (line.size() + 2 > help_column)
    line += "\n" + std::string(help_column, ' ');
  else
    line.resize(help_column, ' ');
  text += line;
  append_wrapped(help, text);
}

std::string help_of(const Setting& setting) {
  std::string help(setting.help);
  std::string facts;
  if (!is_flag(setting)) {
    facts = "default: " +
            (setting.default_words.empty() ? print_value(setting, Options()) : std::string(setting.default_words));
  }
  if (!setting.variable.empty()) facts += (facts.empty() ? "" : "; ") + std::string(setting.variable);
  return facts.empty() ? help : help + " (" + facts + ")";
}

/// A line of --print-config: what counts, or as a comment what cannot be said or does not count.
std::string config_line(const Resolved& resolved, const Setting& setting) {
  constexpr std::size_t comment_column = 44;
  std::string line = fmt::format("{} = ", setting.name);
  std::string origin = origin_of(resolved, setting);
  const std::string value = print_value(setting, resolved.options);
  if (setting.is_secret && !value.empty()) {
    line = "#" + line + "(hidden)";
  } else if (!resolved.options.serves_tcp && (setting.name == "host" || setting.name == "port")) {
    line = "#" + line + config_value(value);  // in the file it would turn TCP on
    origin += "; not used, since there is a Unix socket alone";
  } else {
    line += config_value(value);
    if (value.empty() && !setting.default_words.empty() && origin == "default")
      origin += fmt::format(": {}", setting.default_words);
  }
  line.resize(std::max(line.size() + 1, comment_column), ' ');
  return line + "# " + origin + "\n";
}

}  // namespace

std::string help_text() {
  std::string text(help_start);
  for (const auto& [group, title] : help_groups) {
    text += fmt::format("\n{}:\n", title);
    for (const Setting& setting : settings()) {
      if (setting.group == group)
        append_option(setting.short_form, setting.name, setting.placeholder, help_of(setting), text);
    }
  }
  text += "\nConfiguration:\n";
  for (const auto& action : command_line_actions()) {
    append_option(action.short_form, action.name, action.placeholder, std::string(action.help), text);
  }
  return text.append(help_end);
}

std::string effective_config(const Resolved& resolved) {
  std::string text = fmt::format("# The settings of hearthd {}, each with its origin.\n", version_text);
  for (const Setting& setting : settings()) text += config_line(resolved, setting);
  text += fmt::format("\n[{}]\n", limits_section);
  for (const Setting& setting : limit_settings()) {
    const bool is_above = std::ranges::find(settings(), subject_of(setting), subject_of) != settings().end();
    if (!is_above) text += config_line(resolved, setting);
  }
  return text;
}

}  // namespace hearth
