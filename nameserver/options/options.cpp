#include "nameserver/options/options.h"

#include <fmt/format.h>

#include <utility>

#include "nameserver/options/command_line.h"
#include "nameserver/options/config_file.h"
#include "nameserver/options/describe.h"
#include "nameserver/options/environment.h"
#include "nameserver/options/file_source.h"
#include "nameserver/options/resolver.h"
#include "nameserver/options/setting_value.h"
#include "nameserver/options/value_text.h"
#include "nameserver/options/version.h"

namespace hearth {
namespace {

/// The file that --config names must exist; the one that is only usual need not. `--config=` asks for none.
Result<ConfigFile> config_file_of(const StartArguments& arguments, const CommandLine& line) {
  if (line.config_file == "") return ConfigFile();
  auto file = read_config_file(line.config_file.value_or(arguments.config_file));
  if (!file) return forward_error(file);
  if (*file) return std::move(**file);
  if (!line.config_file) return ConfigFile();
  return fail(ErrorKind::system,
              fmt::format("there is no configuration file {}: correct --config", shown(*line.config_file)));
}

void warn_about_readable_secrets(const ConfigFile& file, const Source& source, std::vector<std::string>& warnings) {
  if (!file.others_may_read) return;
  for (const Assignment& assignment : source) {
    if (!assignment.setting->is_secret) continue;
    warnings.push_back(fmt::format("the {} in {} can be read by every user of this machine: chmod o-r {}",
                                   assignment.setting->name, assignment.origin, file.path));
  }
}

Result<Resolved> resolve_all(const StartArguments& arguments, CommandLine line) {
  auto file = config_file_of(arguments, line);
  if (!file) return forward_error(file);
  auto said_in_file = file_source(*file);
  if (!said_in_file) return forward_error(said_in_file);
  EnvironmentSource environment = environment_source(arguments.environment);

  const Sources sources{std::move(*said_in_file), std::move(environment.source), std::move(line.source)};
  auto resolved = resolve(sources);
  if (!resolved) return resolved;
  std::vector<std::string>& warnings = resolved->options.warnings;
  warn_about_readable_secrets(*file, sources.file, warnings);
  for (std::string& warning : environment.warnings) warnings.push_back(std::move(warning));
  return resolved;
}

}  // namespace

Result<ParsedOptions> parse_options(const StartArguments& arguments) {
  auto line = parse_command_line(arguments.words);
  if (!line) return forward_error(line);
  ParsedOptions parsed;
  if (line->wants_help)
    parsed.only_print = help_text();
  else if (line->wants_version)
    parsed.only_print = fmt::format("hearthd {}\n", version_text);
  if (parsed.only_print) return parsed;

  const bool wants_print = line->wants_print_config;
  parsed.only_check = line->wants_check_config && !wants_print;
  parsed.new_token = line->new_token;
  parsed.only_recover = line->wants_recovery;
  auto resolved = resolve_all(arguments, std::move(*line));
  if (!resolved) return forward_error(resolved);
  if (wants_print)
    parsed.only_print = effective_config(*resolved);
  else if (parsed.only_check)
    parsed.only_print = "configuration ok\n";
  parsed.options = std::move(resolved->options);
  return parsed;
}

Result<Reloaded> reload_options(const StartArguments& arguments, const Options& current) {
  auto line = parse_command_line(arguments.words);
  if (!line) return forward_error(line);
  auto resolved = resolve_all(arguments, std::move(*line));
  if (!resolved) return forward_error(resolved);

  Reloaded reloaded{current, {}, {}};
  reloaded.options.warnings = std::move(resolved->options.warnings);
  for (const auto table : {settings(), limit_settings()}) {
    for (const Setting& setting : table) {
      const bool is_other_way = subject_of(setting) != setting.name;  // the limit itself tells
      if (is_other_way || print_value(setting, current) == print_value(setting, resolved->options)) continue;
      (setting.changes_at_reload ? reloaded.changed : reloaded.need_restart).emplace_back(setting.name);
      if (setting.changes_at_reload) copy_value(setting, resolved->options, reloaded.options);
    }
  }
  return reloaded;
}

}  // namespace hearth
