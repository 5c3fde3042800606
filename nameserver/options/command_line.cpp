#include "nameserver/options/command_line.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "nameserver/options/nearest.h"
#include "nameserver/options/value_text.h"
#include "protocol/base/option_prefix.h"

namespace hearth {
namespace {

constexpr std::string_view see_help = " (see hearthd --help)";

constexpr std::array<CommandLineAction, 8> actions{{
    {"config", "FILE", "configuration file to read in place of /etc/hearth/hearthd.conf; nothing (--config=), none"},
    {"limit", "NAME=VALUE", "set a limit of those that --print-config shows; may be repeated"},
    {"print-config", "",
     "print every setting and limit, and where it comes from, as a configuration file; do not start"},
    {"check-config", "", "say whether the settings are right; do not start"},
    {"new-token", "NAME",
     "print a new token for a client, and the line that makes the access file know it; do not start"},
    {"recover", "", "save what can be read of a damaged storage file into a new one, and keep the old; do not start"},
    {"help", "", "this text", 'h'},
    {"version", "", "the version"},
}};

/// Its abbreviations (`--h`, `--ver`) are those of Python's optparse.
bool is_in_reference(const CommandLineAction& action) { return action.name == "help" || action.name == "version"; }

std::string option_of(std::string_view name) { return "--" + std::string(name); }

/// Every long option with its dashes.
struct LongNames {
  std::vector<std::string> references;
  std::vector<std::string> ours;

  LongNames() {
    for (const Setting& setting : settings())
      (setting.in_reference ? references : ours).push_back(option_of(setting.name));
    for (const auto& action : actions) (is_in_reference(action) ? references : ours).push_back(option_of(action.name));
  }

  [[nodiscard]] std::vector<std::string_view> all() const {
    std::vector<std::string_view> names(references.begin(), references.end());
    names.insert(names.end(), ours.begin(), ours.end());
    return names;
  }

  [[nodiscard]] Result<std::vector<std::string>> expand(const std::vector<std::string>& words) const {
    const std::vector<std::string_view> theirs_seen(references.begin(), references.end());
    const std::vector<std::string_view> ours_seen(ours.begin(), ours.end());
    auto expanded = expand_option_prefixes(words, {theirs_seen, ours_seen});
    if (!expanded) return fail(ErrorKind::malformed, expanded.error().text + std::string(see_help));
    return expanded;
  }
};

/// What was given of each option, by its name, as often as it was.
using GivenValues = std::map<std::string_view, std::vector<std::string>>;

/// Values stay text here: what they must be is the business of setting_value.cpp, for every source alike.
void declare(CLI::App& app, GivenValues& given, std::string_view name, char short_form, std::string_view placeholder) {
  std::string names = option_of(name);
  if (short_form != '\0') names = fmt::format("-{},{}", short_form, names);
  std::vector<std::string>& values = given[name];
  CLI::Option* option = placeholder.empty() ? app.add_flag(names, values) : app.add_option(names, values)->expected(1);
  option->type_name(std::string(placeholder))->take_all()->allow_extra_args(false);  // which would split "[::1]"
}

bool takes_value(std::string_view name) {
  if (const Setting* setting = find_setting(settings(), name)) return !is_flag(*setting);
  const auto action = std::ranges::find(actions, name, &CommandLineAction::name);
  return action != actions.end() && !action->placeholder.empty();
}

/// CLI11 takes the next word as the value of "--name=", Python's optparse takes nothing.
std::vector<std::string> with_empty_values(std::vector<std::string> words) {
  std::vector<std::string> split;
  for (std::string& word : words) {
    const bool has_empty_value = word.starts_with("--") && word.find('=') == word.size() - 1 &&
                                 takes_value(std::string_view(word).substr(2, word.size() - 3));
    if (has_empty_value) word.pop_back();
    split.push_back(std::move(word));
    if (has_empty_value) split.emplace_back();
  }
  return split;
}

Result<void> refuse_unknown(std::vector<std::string> words, const LongNames& names) {
  std::erase(words, "--");
  if (words.empty()) return {};
  const std::string word = words.front().substr(0, words.front().find('='));  // what follows may be a secret
  if (word.starts_with("-") && word.size() > 1) {
    return fail(ErrorKind::malformed,
                fmt::format("no such option: {}{}{}", shown(word), did_you_mean(word, names.all()), see_help));
  }
  return fail(ErrorKind::malformed,
              fmt::format("hearthd takes options only, not {}{}", shown(words.front()), see_help));
}

Result<GivenValues> parse_with_cli11(std::vector<std::string> words, const LongNames& names) {
  GivenValues given;
  CLI::App app;
  app.set_help_flag();  // ours is an action like others
  app.allow_extras();
  for (const Setting& setting : settings()) declare(app, given, setting.name, setting.short_form, setting.placeholder);
  for (const auto& action : actions) declare(app, given, action.name, action.short_form, action.placeholder);
  try {
    std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    return fail(ErrorKind::malformed, error.what() + std::string(see_help));
  }
  if (auto known = refuse_unknown(app.remaining(), names); !known) return forward_error(known);
  return given;
}

/// "NAME=VALUE" of --limit.
Result<Assignment> limit_assignment(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  const Setting* setting = find_setting(limit_settings(), name);
  if (setting == nullptr) {
    return fail(ErrorKind::malformed,
                fmt::format("--limit {}: there is no limit {}{} (--print-config shows all)", shown(text), shown(name),
                            did_you_mean(name, names_of(limit_settings()))));
  }
  const std::string value = equals == std::string::npos ? "" : text.substr(equals + 1);
  return Assignment{setting, {value}, std::string(command_line_origin), fmt::format("--limit {}=", name)};
}

/// Of a limit given twice the last one counts, as of any option.
Result<void> add_limit(const std::string& text, Source& source) {
  auto limit = limit_assignment(text);
  if (!limit) return forward_error(limit);
  const auto earlier = std::ranges::find(source, subject_of(*limit->setting),
                                         [](const Assignment& assignment) { return subject_of(*assignment.setting); });
  if (earlier == source.end()) {
    source.push_back(std::move(*limit));
  } else if (earlier->setting == limit->setting) {
    *earlier = std::move(*limit);
  } else {
    return fail(ErrorKind::malformed, fmt::format("--{} and --limit {} set the same: give one of them",
                                                  earlier->setting->name, limit->setting->name));
  }
  return {};
}

}  // namespace

std::span<const CommandLineAction> command_line_actions() { return actions; }

Result<CommandLine> parse_command_line(const std::vector<std::string>& words) {
  const LongNames names;
  auto expanded = names.expand(words);
  if (!expanded) return forward_error(expanded);
  auto given = parse_with_cli11(with_empty_values(std::move(*expanded)), names);
  if (!given) return forward_error(given);

  CommandLine line;
  for (const Setting& setting : settings()) {
    std::vector<std::string>& values = (*given)[setting.name];
    if (values.empty()) continue;
    line.source.push_back({&setting, std::move(values), std::string(command_line_origin),
                           fmt::format("--{}{}", setting.name, is_flag(setting) ? "=" : " ")});
  }
  for (const std::string& limit : (*given)["limit"]) {
    if (auto added = add_limit(limit, line.source); !added) return forward_error(added);
  }
  const auto wants = [&given](std::string_view action) {
    const std::vector<std::string>& values = (*given)[action];
    return !values.empty() && truth(values.back()).value_or(true);
  };
  if (const auto& files = (*given)["config"]; !files.empty()) line.config_file = files.back();
  if (const auto& tokens = (*given)["new-token"]; !tokens.empty()) line.new_token = tokens.back();
  line.wants_help = wants("help");
  line.wants_version = wants("version");
  line.wants_print_config = wants("print-config");
  line.wants_check_config = wants("check-config");
  line.wants_recovery = wants("recover");
  return line;
}

}  // namespace hearth
