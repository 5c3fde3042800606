/// Options: nsc's command line, parsed and checked.
///
/// Layer: nsc (the only file that knows CLI11 is options.cpp).        Thread rule: plain values.
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include <hearth/locate.h>

#include "nsc/commands.h"
#include "nsc/exit_status.h"

namespace hearth::nsc {

struct Options {
  NameServerPlace place;
  std::string hmac_key;    ///< from -k; empty: not given
  bool wants_tls = false;  ///< by --ssl, or one of those below
  std::string tls_authorities;
  std::string tls_certificate;
  std::string tls_key;
  bool is_verbose = false;
  bool wants_json = false;
  bool says_yes = false;
  CommandOptions of_command;
  const Command* command = nullptr;
  std::vector<std::string> arguments;  ///< as many as the command takes
};

/// Nothing is to be run: --help, --version, or wrong usage.
struct EarlyExit {
  ExitStatus status;
  std::string text;  ///< for stdout if done, else for stderr
};

/// `words` are those of the command line, without the program's name. As in Python's optparse, options may
/// stand anywhere before a `--`, long ones may be abbreviated, and of a repeated option the last one counts.
[[nodiscard]] tl::expected<Options, EarlyExit> parse_options(std::vector<std::string> words);

}  // namespace hearth::nsc
