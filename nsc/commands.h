/// The table of nsc's commands.
///
/// Layer: nsc.        Thread rule: one thread.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <variant>

#include <hearth/name_server.h>

#include "nsc/request.h"

namespace hearth::nsc {

/// Asks the name server that locate() has found.
using AskNameServer = Report (*)(const Request& request, NameServerClient& name_server);
/// Finds out for itself what is there.
using AskNetwork = Report (*)(const Request& request);

/// The options that only some commands take, each a bit.
enum CommandOption : unsigned { takes_force = 1, takes_dry_run = 2, takes_on_conflict = 4 };

struct Command {
  std::string_view name;
  std::string_view arguments;  ///< for the help
  std::string_view summary;    ///< for the help
  std::size_t arguments_min;
  std::size_t arguments_max;
  std::string_view requirement;  ///< "requires one argument: name", if there are too few or too many
  std::variant<AskNameServer, AskNetwork> run;
  unsigned options = 0;  ///< of CommandOption, all that it takes
};

/// In the order of the help.
[[nodiscard]] std::span<const Command> commands();

/// nullptr: there is none of that name.
[[nodiscard]] const Command* find_command(std::string_view name);

}  // namespace hearth::nsc
