/// Request and Report: what a command of nsc is given, and what it answers.
///
/// Layer: nsc.        Thread rule: one thread.
/// Errors: a command never prints; its Report says what goes where.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hearth/client_error.h>
#include <hearth/client_settings.h>
#include <hearth/locate.h>

#include "nsc/exit_status.h"
#include "nsc/progress_bar.h"

namespace hearth::nsc {

/// What to do about names that a name server has already, with another URI or other tags.
enum class OnConflict : unsigned char { fail, skip, replace };

/// What --force and the other options say that only some commands take.
struct CommandOptions {
  bool overwrites = false;                    ///< --force
  bool is_dry_run = false;                    ///< --dry-run
  OnConflict on_conflict = OnConflict::fail;  ///< --on-conflict
};

/// Puts a question to the user; the line that was answered, nullopt if there is nobody who could.
using Ask = std::function<std::optional<std::string>(std::string_view question)>;

struct Request {
  const NameServerPlace& place;
  const ClientSettings& settings;
  const std::vector<std::string>& arguments;
  bool wants_json;
  bool says_yes;
  const Ask& ask;
  const Draw& draw;
  CommandOptions options = {};
};

struct Report {
  ExitStatus status = ExitStatus::done;
  std::string out;  ///< for stdout: what was asked for, all of it or nothing
  std::string err;  ///< for stderr: trouble
};

[[nodiscard]] Report failure(ExitStatus status, const std::string& text);

/// An unknown name is a status of its own.
[[nodiscard]] Report failure(const ClientError& error);

/// `text`, or the JSON of `value`, as the request wants it.
[[nodiscard]] Report success(const Request& request, std::string text, const Value& value);

enum class Answer : unsigned char { yes, no, none };

/// Asks, unless the user has said --yes. As in Pyro's nsc, only "y" means yes. none: there was nobody who could answer.
[[nodiscard]] Answer confirm(const Request& request, std::string_view question);

}  // namespace hearth::nsc
