/// Options: what hearthd was told to do, as plain data: command line first, then the PYRO_* environment, then defaults.
///
/// Layer: nameserver.        Thread rule: read at the start, constant afterwards.
/// Names, short forms and defaults are those of pyro4-ns and pyro5-ns (PYRO.md section 6).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "protocol/base/limits.h"
#include "protocol/base/log.h"
#include "protocol/base/result.h"
#include "protocol/serial/serializer.h"

namespace hearth {

inline constexpr std::uint16_t default_port = 9090;

struct Options {
  std::string host = "localhost";
  std::uint16_t port = default_port;  ///< 0: any free one
  bool serves_tcp = true;             ///< false with a Unix socket and neither host nor port on the command line
  std::string unix_socket;            ///< empty: none

  std::string storage;  ///< "memory" or "sql:FILE"; empty: the default file (default_storage.h)

  std::string nat_host;                  ///< empty: no NAT
  std::optional<std::uint16_t> nat_port;  ///< 0: the internal one

  std::string hmac_key;  ///< empty: none
  std::vector<SerializerName> accepted_serializers{SerializerName::serpent, SerializerName::json, SerializerName::marshal,
                                                   SerializerName::msgpack};
  bool compress_replies = false;
  LogLevel log_level = LogLevel::info;
  Limits limits;

  std::vector<std::string> warnings;  ///< what the operator should know, for stderr
};

/// What to do after the command line has been read.
struct ParsedOptions {
  Options options;
  std::optional<std::string> only_print;  ///< --help, --version: print this and exit with success
};

/// The value of an environment variable, or nullptr; std::getenv in the program, a table in tests.
using Environment = std::function<const char*(const char*)>;

/// `arguments` without the program's name. Errors are for the operator: they name the option or variable.
[[nodiscard]] Result<ParsedOptions> parse_options(const std::vector<std::string>& arguments, const Environment& environment);

}  // namespace hearth
