// hearthd: the name server. Wires everything; knows everyone.

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "nameserver/options/options.h"
#include "nameserver/server.h"
#include "protocol/base/log.h"

namespace {

enum ExitStatus : int { exit_done = 0, exit_failed = 1, exit_usage = 2 };

int complain(const hearth::Error& error, ExitStatus status) {
  std::fprintf(stderr, "hearthd: %s\n", error.text.c_str());
  return status;
}

/// Descriptors for everything but connections: database, log, listeners, and reopening the storage after a failure.
constexpr rlim_t reserved_descriptors = 32;

/// Every connection is a descriptor; the soft limit of 1024 is for programs that use select().
void fit_connections_to_descriptors(hearth::Limits& limits) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t room = std::max<rlim_t>(limit.rlim_cur, reserved_descriptors + 1) - reserved_descriptors;
  limits.connections_max = static_cast<std::uint32_t>(std::min<rlim_t>(limits.connections_max, room));
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

}  // namespace

int main(int argc, char** argv) {
  const hearth::StartArguments arguments{{argv + 1, argv + argc}, environment_of_process()};
  auto parsed = hearth::parse_options(arguments);
  if (!parsed) return complain(parsed.error(), exit_usage);
  if (parsed->only_print) {
    for (const std::string& warning : parsed->options.warnings) std::fprintf(stderr, "hearthd: %s\n", warning.c_str());
    std::fputs(parsed->only_print->c_str(), stdout);
    return exit_done;
  }
  hearth::set_log_threshold(parsed->options.log_level);
  for (const std::string& warning : parsed->options.warnings) {
    hearth::log(hearth::LogLevel::warning, hearth::LogCategory::server, warning);
  }
  std::signal(SIGPIPE, SIG_IGN);  // a peer that went away is an error of the write, not a death
  fit_connections_to_descriptors(parsed->options.limits);

  hearth::Server server(parsed->options, arguments.environment);
  if (const auto started = server.start(); !started) return complain(started.error(), exit_failed);
  server.run();
  return exit_done;
}
