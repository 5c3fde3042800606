/// Options: what hearthd was told to do, as plain data: command line first, then the PYRO_* environment, then the
/// configuration file, then defaults.
///
/// Layer: nameserver/options.        Thread rule: read at the start and at a reload, constant in between.
/// Names, short forms and defaults are those of pyro4-ns and pyro5-ns (PYRO.md section 6).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <hearth/result.h>
#include <hearth/serializer_name.h>

#include "protocol/base/limits.h"
#include "protocol/base/log.h"

namespace hearth {

inline constexpr std::uint16_t default_port = 9090;

struct Options {
  std::vector<std::string> hosts{"localhost"};    ///< the first is the one in the URI
  bool host_is_set = false;                       ///< somebody asked for these hosts: they are not the default
  std::uint16_t port = default_port;              ///< 0: any free one
  bool serves_tcp = true;                         ///< false with a Unix socket and neither host nor port set
  std::string unix_socket;                        ///< empty: none
  std::optional<std::uint32_t> unix_socket_mode;  ///< permission bits of its file; nullopt: as the umask says

  std::string storage;  ///< "memory" or "sql:FILE"; empty: the default file (default_storage.h)

  bool answers_broadcasts = true;       ///< false: -x
  bool broadcasts_on_loopback = false;  ///< answers even when bound to loopback only
  std::string broadcast_host;           ///< address the responder binds; empty: every IPv4 address
  std::uint16_t broadcast_port = 9091;  ///< 0: any free one
  /// Where rivals are asked for: where clients ask (PYRO_BROADCAST_ADDRS).
  std::vector<std::string> broadcast_addresses{"<broadcast>", "0.0.0.0"};
  bool refuses_rivals = false;  ///< another name server on the network is a start-up error

  std::uint32_t autoclean_period_ms = 0;  ///< 0: registrations stay until somebody removes them

  std::string nat_host;                   ///< empty: no NAT
  std::optional<std::uint16_t> nat_port;  ///< 0: the internal one

  std::string hmac_key;  ///< empty: none

  bool ssl = false;                         ///< the TCP port speaks TLS
  std::optional<std::uint16_t> plain_port;  ///< with `ssl`: another one without; 0: any free one
  std::optional<std::uint16_t> ssl_port;    ///< without `ssl`: another one with TLS; 0: any free one
  std::string ssl_certificate;              ///< PEM files, as TlsFiles has them
  std::string ssl_key;
  std::string ssl_key_passphrase;
  std::string ssl_authorities;  ///< of client certificates; empty: none is asked for
  bool ssl_requires_client_certificate = false;

  std::string access_file;  ///< rules of who may do what; empty: everybody may do everything
  std::string audit_log;    ///< file of what clients change and are refused, or "{stderr}"; empty: none

  std::vector<SerializerName> accepted_serializers{SerializerName::serpent, SerializerName::json,
                                                   SerializerName::marshal, SerializerName::msgpack};
  bool compress_replies = false;

  LogLevel log_level = LogLevel::info;
  std::string log_file;                       ///< empty: stderr
  std::vector<std::string> debug_categories;  ///< names of log.h, whose debug lines are written at any level
  Limits limits;

  std::vector<std::string> warnings;  ///< what the operator should know, for stderr

  [[nodiscard]] bool uses_tls() const { return ssl || ssl_port; }
};

/// Every variable of the environment, so that those nobody knows can be told apart too.
using Environment = std::map<std::string, std::string, std::less<>>;

/// Empty if it is not set: for Pyro's variables and those of the system alike, empty is as good as unset.
[[nodiscard]] std::string_view value_of(const Environment& environment, std::string_view variable);

inline constexpr std::string_view default_config_file = "/etc/hearth/hearthd.conf";

/// Everything that settings come from; kept, because a reload starts from it again.
struct StartArguments {
  std::vector<std::string> words;  ///< the command line without the program's name
  Environment environment;
  std::string config_file{
      default_config_file};  ///< read unless --config names another one; need not exist; empty: none
};

/// What to do after the command line has been read.
struct ParsedOptions {
  Options options;
  /// --help, --version, --print-config, --check-config: print this (after the warnings) and exit with success.
  std::optional<std::string> only_print;
  bool only_check = false;               ///< --check-config: look also at the files that the settings name
  std::optional<std::string> new_token;  ///< --new-token: make one with that name, and do not start
  bool only_recover = false;             ///< --recover: save what can be read of the storage, and do not start
};

/// Errors are one line for the operator: they name the option, variable or line of the file, and say what to do.
[[nodiscard]] Result<ParsedOptions> parse_options(const StartArguments& arguments);

/// The settings of the running server after the configuration file has been read again.
struct Reloaded {
  Options options;                        ///< `current`, with what can change while the server runs as it is now
  std::vector<std::string> changed;       ///< names of the settings that differ from `current` and count from now on
  std::vector<std::string> need_restart;  ///< names of those that differ and keep the old value until a restart
};

/// For SIGHUP: the same command line and environment, the file as it is now. Limits have the names of the [limits] section.
/// `current` is what parse_options() or the last reload gave, before anything was fitted to the system. Errors (the file has a mistake now) change nothing: go on
/// with `current`.
[[nodiscard]] Result<Reloaded> reload_options(const StartArguments& arguments, const Options& current);

}  // namespace hearth
