/// The configuration file as lines: `key = value`, sections, comments.
///
///     # a comment; so is what follows a blank and a '#'
///     host = 127.0.0.1, ::1        # lists have commas
///     key = "with # and \" and \\"  # quotes where the value has blanks at its ends or such a '#' (\n, \r, \t are known too)
///     port =                       # nothing: the default, as if the line were not there
///     [limits]
///     connections-max = 500
///
/// Layer: nameserver/options.        Thread rule: at the start and at a reload.
/// CLI11's own reader is not used: it gives no line numbers, cuts quoted values at a '#' (keys!), splits others at blanks and
/// skips lines that it does not understand.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hearth/result.h>

namespace hearth {

struct ConfigLine {
  std::string section;  ///< empty: before the first one
  std::string key;
  std::string value;
  int number = 0;  ///< of the line, from 1
};

struct ConfigFile {
  std::string path;
  std::vector<ConfigLine> lines;
  bool others_may_read = false;  ///< by its permissions, every user of the machine
};

/// nullopt: there is no such file. Errors name the file and, if one is wrong, the line.
[[nodiscard]] Result<std::optional<ConfigFile>> read_config_file(const std::string& path);

/// `path` is for the errors.
[[nodiscard]] Result<std::vector<ConfigLine>> parse_config(std::string_view text, const std::string& path);

/// The value as it can stand in a file, with quotes where it needs them.
[[nodiscard]] std::string config_value(std::string_view value);

}  // namespace hearth
