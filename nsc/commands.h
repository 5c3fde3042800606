/// The commands of nsc: each asks the name server one thing and says what to print.
///
/// Layer: nsc.        Thread rule: one thread.
/// Errors: a command never prints; its Report says what goes where. Nothing is on stdout unless it succeeded.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hearth/name_server.h>

#include "nsc/exit_status.h"

namespace hearth::nsc {

struct Report {
  ExitStatus status = ExitStatus::done;
  std::string out;  ///< for stdout
  std::string err;  ///< for stderr
};

/// Puts a question to the user; the line that was answered, nullopt if there is nobody who could.
using Ask = std::function<std::optional<std::string>(std::string_view question)>;

struct Request {
  NameServerClient& name_server;
  const std::vector<std::string>& arguments;
  bool wants_json;
  bool says_yes;
  const Ask& ask;
};

struct Command {
  std::string_view name;
  std::string_view arguments;  ///< for the help
  std::string_view summary;    ///< for the help
  std::size_t arguments_min;
  std::size_t arguments_max;
  std::string_view requirement;  ///< "requires one argument: name", if there are too few or too many
  Report (*run)(const Request& request);
};

/// In the order of the help.
[[nodiscard]] std::span<const Command> commands();

/// nullptr: there is none of that name.
[[nodiscard]] const Command* find_command(std::string_view name);

}  // namespace hearth::nsc
