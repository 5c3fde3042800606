#include "nameserver/options/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "nameserver/options/environment.h"
#include "nameserver/options/version.h"
#include "protocol/base/option_prefix.h"

namespace hearth {
namespace {

constexpr std::array<std::string_view, 12> references_names{"--host",    "--port",    "--unixsocket", "--storage",
                                                            "--bchost",  "--bcport",  "--nathost",    "--natport",
                                                            "--nobc",    "--key",     "--version",    "--help"};
constexpr std::array<std::string_view, 5> our_names{"--unixsocket-mode", "--autoclean", "--autoclean-grace",
                                                    "--broadcast-on-loopback", "--refuse-rivals"};

/// The command line as it was typed; what is not there stays at its default.
struct CommandLine {
  std::vector<std::string> hosts;
  std::optional<std::uint16_t> port;
  std::string unix_socket;
  std::optional<std::uint32_t> unix_socket_mode;
  double autoclean_s = 0;
  std::optional<double> autoclean_grace_s;
  bool broadcasts_on_loopback = false;
  bool refuses_rivals = false;
  std::string storage;
  std::string broadcast_host;
  std::optional<std::uint16_t> broadcast_port;
  std::string nat_host;
  std::optional<std::uint16_t> nat_port;
  bool no_broadcast = false;
  std::string key;
};

void describe(CLI::App& app, CommandLine& line) {
  app.add_option("-n,--host", line.hosts,
                 "host or address to listen on (default: localhost; 0.0.0.0: all); may be repeated")
      ->type_name("HOST")
      ->expected(1)
      ->take_all();
  app.add_option("--unixsocket-mode", line.unix_socket_mode, "permissions of the Unix socket (octal)")->take_last();
  app.add_option("--autoclean", line.autoclean_s, "seconds between two rounds")->take_last();
  app.add_option("--autoclean-grace", line.autoclean_grace_s, "seconds")->take_last();
  app.add_flag("--broadcast-on-loopback", line.broadcasts_on_loopback, "answer on loopback");
  app.add_flag("--refuse-rivals", line.refuses_rivals, "do not start beside another name server");
  app.add_option("-p,--port", line.port, "port to listen on (default: 9090; 0: any free one)")
      ->type_name("PORT")
      ->take_last();
  app.add_option("-u,--unixsocket", line.unix_socket, "Unix socket to listen on; alone: no TCP")
      ->type_name("PATH")
      ->take_last();
  app.add_option("-s,--storage", line.storage,
                 "memory, or sql:FILE (default: hearthd.db in $STATE_DIRECTORY, $XDG_STATE_HOME/hearth or "
                 "~/.local/state/hearth)")
      ->type_name("STORAGE")
      ->take_last();
  app.add_option("--bchost", line.broadcast_host, "where broadcasts are answered")->type_name("HOST")->take_last();
  app.add_option("--bcport", line.broadcast_port, "where broadcasts are answered")->type_name("PORT")->take_last();
  app.add_option("--nathost", line.nat_host, "external host name, where clients come through NAT")
      ->type_name("HOST")
      ->take_last();
  app.add_option("--natport", line.nat_port, "external port, where clients come through NAT (0: the internal one)")
      ->type_name("PORT")
      ->take_last();
  app.add_flag("-x,--nobc", line.no_broadcast, "do not answer broadcasts");
  app.add_option("-k,--key", line.key, "HMAC key of Pyro4 clients (others can read it: prefer PYRO_HMAC_KEY)")
      ->type_name("KEY")
      ->take_last();
  app.set_version_flag("--version", std::string("hearthd ") + version_text);
  app.footer("The PYRO_* variables of Pyro4 and Pyro5 are honoured; the command line wins.");
}

/// What the reference's NameServerDaemon refuses (Pyro4/core.py class Daemon, __init__).
Result<void> check_combination(const Options& options) {
  if (!options.nat_host.empty() && !options.unix_socket.empty()) {
    return fail(ErrorKind::malformed, "cannot use nathost together with unixsocket");
  }
  if (options.nat_host.empty() != !options.nat_port.has_value()) {
    return fail(ErrorKind::malformed, options.nat_host.empty() ? "--natport needs --nathost"
                                                               : "--nathost needs --natport (0: the internal port)");
  }
  return {};
}

Result<void> apply_command_line(CommandLine& line, bool key_in_environment, Options& options) {
  if (!line.key.empty()) {
    if (key_in_environment) return fail(ErrorKind::malformed, "do not use -k and PYRO_HMAC_KEY at the same time");
    options.hmac_key = line.key;
    options.warnings.emplace_back(
        "the key given with -k can be read by every user of this machine: use PYRO_HMAC_KEY instead");
  }
  options.unix_socket = line.unix_socket;
  options.serves_tcp = line.unix_socket.empty() || !line.hosts.empty() || line.port;
  if (!line.hosts.empty()) options.hosts = line.hosts;
  options.unix_socket_mode = line.unix_socket_mode;
  options.autoclean_period_ms = static_cast<std::uint32_t>(line.autoclean_s * 1000);
  if (line.autoclean_grace_s)
    options.limits.autoclean_grace_ms = static_cast<std::uint32_t>(*line.autoclean_grace_s * 1000);
  options.answers_broadcasts = !line.no_broadcast;
  options.broadcasts_on_loopback = line.broadcasts_on_loopback;
  options.refuses_rivals = line.refuses_rivals;
  options.broadcast_host = line.broadcast_host;
  if (line.broadcast_port) options.broadcast_port = *line.broadcast_port;
  if (line.port) options.port = *line.port;
  if (!line.storage.empty()) options.storage = line.storage;
  if (!line.nat_host.empty()) options.nat_host = line.nat_host;
  if (line.nat_port) options.nat_port = line.nat_port;
  return check_combination(options);
}

}  // namespace

Result<ParsedOptions> parse_options(const StartArguments& arguments) {
  ParsedOptions parsed;
  if (auto applied = apply_environment(arguments.environment, parsed.options); !applied) return forward_error(applied);

  auto expanded = expand_option_prefixes(arguments.words, {references_names, our_names});
  if (!expanded) return forward_error(expanded);
  std::reverse(expanded->begin(), expanded->end());  // CLI11 takes them from the back

  CLI::App app("hearthd: name server for Pyro4 and Pyro5 programs, with registrations that survive.", "hearthd");
  CommandLine line;
  describe(app, line);
  try {
    app.parse(std::move(*expanded));
  } catch (const CLI::CallForHelp&) {
    parsed.only_print = app.help();
    return parsed;
  } catch (const CLI::CallForVersion& version) {
    parsed.only_print = std::string(version.what()) + "\n";
    return parsed;
  } catch (const CLI::ParseError& error) {
    return fail(ErrorKind::malformed, error.what());
  }
  if (auto applied = apply_command_line(line, !parsed.options.hmac_key.empty(), parsed.options); !applied) {
    return forward_error(applied);
  }
  return parsed;
}

Result<Reloaded> reload_options(const StartArguments& arguments, const Options& current) {
  auto parsed = parse_options(arguments);
  if (!parsed) return forward_error(parsed);
  Reloaded reloaded{current, {}, {}};
  reloaded.options.log_level = parsed->options.log_level;
  reloaded.options.limits = parsed->options.limits;
  return reloaded;
}

}  // namespace hearth
