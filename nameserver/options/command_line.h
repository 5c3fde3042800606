/// The command line: what it says about settings, and what else it asks for.
///
/// Layer: nameserver/options (CLI11 stays in command_line.cpp).        Thread rule: at the start and at a reload.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nameserver/options/assignment.h"

namespace hearth {

inline constexpr std::string_view command_line_origin = "command line";

/// An option that is no setting.
struct CommandLineAction {
  std::string_view name;
  std::string_view placeholder;  ///< empty: a flag
  std::string_view help;
  char short_form = '\0';
};

[[nodiscard]] std::span<const CommandLineAction> command_line_actions();

struct CommandLine {
  Source source;
  std::optional<std::string> config_file;  ///< --config
  std::optional<std::string> new_token;    ///< --new-token
  bool wants_help = false;
  bool wants_version = false;
  bool wants_print_config = false;
  bool wants_check_config = false;
  bool wants_recovery = false;
};

/// Errors name the option and say what to do. They never show the value of a secret.
[[nodiscard]] Result<CommandLine> parse_command_line(const std::vector<std::string>& words);

}  // namespace hearth
