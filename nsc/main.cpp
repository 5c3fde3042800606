/// nsc: looks into a Pyro name server and changes what is registered there.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <hearth/client_settings.h>
#include <hearth/locate.h>

#include "nsc/options.h"

namespace hearth::nsc {
namespace {

void complain(const std::string& text) { std::fputs(("nsc: " + text + "\n").c_str(), stderr); }

/// Where the command line has an option for it, that counts, else the environment.
const char* variable(const Options& options, const char* name) {
  const auto given = [](const std::string& text) { return text.empty() ? nullptr : text.c_str(); };
  const std::string_view wanted = name;
  const char* value = nullptr;
  if (wanted == "PYRO_SSL" && options.wants_tls) value = "true";
  if (wanted == "PYRO_SSL_CACERTS") value = given(options.tls_authorities);
  if (wanted == "PYRO_SSL_CLIENTCERT") value = given(options.tls_certificate);
  if (wanted == "PYRO_SSL_CLIENTKEY") value = given(options.tls_key);
  return value != nullptr ? value : std::getenv(name);
}

/// False, and said so, if stdout takes no more.
bool print(const std::string& text) {
  const bool done = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!done) complain("cannot write to standard output");
  return done;
}

/// As Python's input(): the question is on the terminal or in the output, the answer is one line of stdin.
/// JSON stays alone on stdout.
std::optional<std::string> ask(std::string_view question, bool wants_json) {
  std::FILE* const screen = wants_json ? stderr : stdout;
  std::fwrite(question.data(), 1, question.size(), screen);
  std::fflush(screen);
  char* line = nullptr;
  std::size_t room = 0;
  const ssize_t length = ::getline(&line, &room, stdin);
  const std::unique_ptr<char, decltype(&std::free)> owner(line, &std::free);
  if (length >= 0) return std::string(line, static_cast<std::size_t>(length));
  std::fputs("\n", screen);
  return std::nullopt;
}

void draw_on_terminal(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

std::string advice(const LocateFailure& failure, const Options& options) {
  if (failure.somebody_answered())
    return "`nsc doctor` says more; check the host, the port, PYRO_SERIALIZER, PYRO_HMAC_KEY and PYRO_SSL";
  if (options.place.host) return "Start one there with hearthd, or check the host and the port";
  return "Start one with hearthd, or name its host with -n";
}

/// Whether the key is where it should be; it may come from one place only.
bool take_key(const Options& options, ClientSettings& settings) {
  if (options.hmac_key.empty()) return true;
  complain(
      "warning: using -k to supply HMAC key on the command line is a security problem and is deprecated since Pyro "
      "4.72. "
      "See the documentation for an alternative. It is PYRO_HMAC_KEY");
  if (std::getenv("PYRO_HMAC_KEY") != nullptr) {
    complain("don't use -k and PYRO_HMAC_KEY at the same time");
    return false;
  }
  settings.hmac_key = options.hmac_key;
  return true;
}

ExitStatus deliver(const Report& report) {
  if (!print(report.out)) return ExitStatus::failed;
  std::fputs(report.err.c_str(), stderr);
  return report.status;
}

ExitStatus run(const Options& options) {
  auto from_environment = settings_from_environment([&options](const char* name) { return variable(options, name); });
  if (!from_environment) {
    complain(from_environment.error().text);
    return ExitStatus::wrong_usage;
  }
  for (const std::string& warning : from_environment->warnings) complain("warning: " + warning);
  ClientSettings& settings = from_environment->settings;
  if (!take_key(options, settings)) return ExitStatus::wrong_usage;
  // A server of both dialects shows each its own tags of Pyro.NameServer: scripts made for pyro4-nsc shall
  // find what they know.
  settings.first_dialect = Dialect::pyro4;

  const auto tell = [&options](const std::string& line) {
    if (options.is_verbose) std::fputs((line + "\n").c_str(), options.wants_json ? stderr : stdout);
  };
  const Ask asker = [&options](std::string_view question) { return ask(question, options.wants_json); };
  const Draw draw = ::isatty(STDERR_FILENO) == 1 ? Draw(draw_on_terminal) : nullptr;
  const Request request{options.place, settings, options.arguments, options.wants_json, options.says_yes,
                        asker,         draw,     options.of_command};
  if (const auto* ask_network = std::get_if<AskNetwork>(&options.command->run)) return deliver((*ask_network)(request));

  tell("Locating name server...");
  auto name_server = locate(options.place, settings);
  if (!name_server) {
    complain("no name server found: " + name_server.error().text() + ". " + advice(name_server.error(), options));
    return ExitStatus::no_name_server;
  }
  tell("Name server found: " + name_server->uri().text());
  const Report report = std::get<AskNameServer>(options.command->run)(request, *name_server);
  const ExitStatus status = deliver(report);
  if (status == report.status && report.err.empty()) tell("Done.");
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = parse_options({argv + 1, argv + std::max(argc, 1)});
  if (options) return static_cast<int>(run(*options));
  std::fputs(options.error().text.c_str(), options.error().status == ExitStatus::done ? stdout : stderr);
  return static_cast<int>(options.error().status);
}

}  // namespace hearth::nsc

int main(int argc, char** argv) { return hearth::nsc::main(argc, argv); }
