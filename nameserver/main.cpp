// hearthd: the name server. Wires everything; knows everyone.

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "nameserver/access/access_file.h"
#include "nameserver/access_setting.h"
#include "nameserver/logging.h"
#include "nameserver/options/options.h"
#include "nameserver/recovery.h"
#include "nameserver/server.h"
#include "nameserver/service.h"
#include "protocol/base/log.h"

namespace {

enum ExitStatus : int { exit_done = 0, exit_failed = 1, exit_usage = 2 };

int complain(const hearth::Error& error, ExitStatus status) {
  const char* journal = std::getenv("JOURNAL_STREAM");
  const char* priority =
      journal != nullptr && hearth::is_stderr_journal(journal) ? "<3>" : "";  // sd-daemon(3): an error
  std::fprintf(stderr, "%shearthd: %s\n", priority, error.text.c_str());
  return status;
}

hearth::Environment environment_of_process() {
  hearth::Environment variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::size_t end = text.find('=');
    if (end != std::string::npos) variables.emplace(text.substr(0, end), text.substr(end + 1));
  }
  return variables;
}

/// --new-token: shown once, and kept nowhere.
int print_new_token(const std::string& name) {
  const std::string token = hearth::make_token();
  const auto line = hearth::token_line(name, token);
  if (!line) return complain(line.error(), exit_usage);
  std::printf("%s\n%s\n", token.c_str(), line->c_str());
  return exit_done;
}

}  // namespace

int main(int argc, char** argv) {
  const hearth::StartArguments arguments{{argv + 1, argv + argc}, environment_of_process()};
  auto parsed = hearth::parse_options(arguments);
  if (!parsed) return complain(parsed.error(), exit_usage);
  if (parsed->only_print) {
    for (const std::string& warning : parsed->options.warnings) std::fprintf(stderr, "hearthd: %s\n", warning.c_str());
    if (parsed->only_check) {
      if (const auto rules = hearth::read_access_rules(parsed->options); !rules)
        return complain(rules.error(), exit_usage);
    }
    std::fputs(parsed->only_print->c_str(), stdout);
    return exit_done;
  }
  if (parsed->new_token) return print_new_token(*parsed->new_token);
  if (parsed->only_recover) {
    const auto recovered = hearth::recover_storage(parsed->options, arguments.environment);
    if (!recovered) return complain(recovered.error(), exit_failed);
    std::fputs(recovered->c_str(), stdout);
    return exit_done;
  }
  const auto inherited = hearth::inherited_sockets();
  if (!inherited) return complain(inherited.error(), exit_failed);
  if (const auto opened = hearth::open_log_as(parsed->options, arguments.environment); !opened) {
    return complain(opened.error(), exit_failed);
  }
  for (const std::string& warning : parsed->options.warnings) {
    hearth::log(hearth::LogLevel::warning, hearth::LogCategory::server, warning);
  }
  std::signal(SIGPIPE, SIG_IGN);  // a peer that went away is an error of the write, not a death
  std::signal(SIGHUP, SIG_IGN);   // until the server can act on it: a log rotation must not kill one that is starting

  const auto reload = [&arguments](const hearth::Options& current) { return reload_options(arguments, current); };
  hearth::Server server(parsed->options, arguments.environment, *inherited, hearth::service_manager_of_process(),
                        reload);
  if (const auto started = server.start(); !started) return complain(started.error(), exit_failed);
  server.run();
  return exit_done;
}
