#include "nsc/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <utility>

#include "protocol/base/option_prefix.h"
#include "protocol/base/wtf8.h"

namespace hearth::nsc {
namespace {

constexpr std::array<std::string_view, 6> references_names{"--host", "--port",    "--unixsocket",
                                                           "--key",  "--verbose", "--help"};
constexpr std::array<std::string_view, 10> our_names{
    "--ssl", "--ssl-cacerts", "--ssl-clientcert", "--ssl-clientkey", "--json",
    "--yes", "--force",       "--dry-run",        "--on-conflict",   "--version"};

constexpr std::string_view version_line = "nsc " HEARTH_VERSION "\n";

constexpr std::string_view help_start = R"(usage: nsc [options] command [arguments]
Looks into a Pyro name server, changes what is registered there, and finds out what is wrong when there is none.

Commands:
)";

constexpr std::string_view help_end = R"(
Options:
  -n, --host HOST        host name or address of the name server, or ./u:PATH
  -p, --port PORT        its port (without a host: also the port of the broadcast)
  -u, --unixsocket PATH  its Unix socket
  -k, --key KEY          the HMAC key to use (deprecated: others can see it; use PYRO_HMAC_KEY)
      --ssl              speak TLS; so do the next three
      --ssl-cacerts PATH      trust the CAs in this PEM file, or directory of such, beside the system's
      --ssl-clientcert FILE   show this certificate
      --ssl-clientkey FILE    its private key, if that is in another file
  -v, --verbose          tell which name server was found
      --json             print JSON, for programs
      --yes              do not ask before removing or confirming
      --force            overwrite the file (backup, export)
      --dry-run          only say what would be done (import)
      --on-conflict RULE what to do about names that are taken (import): fail, skip or replace
  -h, --help             this text
      --version          the version

A command or argument that starts with '-' goes behind a `--`.
Environment: PYRO_NS_HOST, PYRO_NS_PORT, PYRO_NS_BCPORT, PYRO_BROADCAST_ADDRS, PYRO_COMMTIMEOUT, PYRO_SERIALIZER,
PYRO_PREFER_IP_VERSION, PYRO_HMAC_KEY, PYRO_SSL, PYRO_SSL_CACERTS, PYRO_SSL_CLIENTCERT, PYRO_SSL_CLIENTKEY,
PYRO_SSL_CLIENTKEYPASSWD, HEARTH_TOKEN.
Exit status: 0 done, 1 failed (doctor: something is wrong), 2 wrong usage, 3 no such name, 4 no name server found.
)";

std::string help_text() {
  std::string text(help_start);
  for (const Command& command : commands()) {
    std::string line = "  " + std::string(command.name) + " " + std::string(command.arguments);
    line.resize(std::max<std::size_t>(line.size() + 1, 29), ' ');
    text += line + std::string(command.summary) + "\n";
  }
  return text.append(help_end);
}

tl::unexpected<EarlyExit> usage_error(const std::string& text) {
  return tl::unexpected<EarlyExit>(EarlyExit{ExitStatus::wrong_usage, "nsc: " + text + ". See nsc --help\n"});
}

/// The words that are no options. CLI11 would split a positional argument "[a,b]" at its commas, so they
/// are taken from what it did not recognise: up to the first `--` a word with a dash is an option that
/// nobody knows.
tl::expected<std::vector<std::string>, EarlyExit> plain_words(std::vector<std::string> unrecognised) {
  const auto separator = std::find(unrecognised.begin(), unrecognised.end(), "--");
  const auto unknown = std::find_if(unrecognised.begin(), separator,
                                    [](const std::string& word) { return word.size() > 1 && word.front() == '-'; });
  if (unknown != separator) return usage_error("no such option: " + *unknown);
  if (separator != unrecognised.end()) unrecognised.erase(separator);
  return unrecognised;
}

tl::expected<void, EarlyExit> take_command(std::vector<std::string> words, Options& options) {
  if (words.empty()) return usage_error("a command is missing");
  if (!std::all_of(words.begin(), words.end(), is_valid_wtf8)) return usage_error("names and tags must be UTF-8 text");
  options.command = find_command(words.front());
  if (options.command == nullptr) return usage_error("there is no command " + words.front());
  words.erase(words.begin());
  if (words.size() < options.command->arguments_min || words.size() > options.command->arguments_max) {
    return usage_error(std::string(options.command->name) + " " + std::string(options.command->requirement));
  }
  options.arguments = std::move(words);
  return {};
}

/// `word` is "" if the option was not given.
tl::expected<void, EarlyExit> take_rule(const std::string& word, OnConflict& rule) {
  constexpr std::pair<std::string_view, OnConflict> all[] = {
      {"", OnConflict::fail}, {"fail", OnConflict::fail}, {"skip", OnConflict::skip}, {"replace", OnConflict::replace}};
  const auto* const found =
      std::find_if(std::begin(all), std::end(all), [&word](const auto& known) { return known.first == word; });
  if (found == std::end(all)) return usage_error("--on-conflict must be fail, skip or replace, not " + word);
  rule = found->second;
  return {};
}

/// An option in front of a command that has no use for it shows that something else was meant.
tl::expected<void, EarlyExit> check_command_options(const CLI::App& app, const Command& command) {
  constexpr std::pair<const char*, CommandOption> all[] = {
      {"--force", takes_force}, {"--dry-run", takes_dry_run}, {"--on-conflict", takes_on_conflict}};
  for (const auto& [name, bit] : all) {
    if (app.count(name) > 0 && (command.options & bit) == 0) {
      return usage_error(std::string(command.name) + " does not take the option " + name);
    }
  }
  return {};
}

}  // namespace

tl::expected<Options, EarlyExit> parse_options(std::vector<std::string> words) {
  Options options;
  std::string host;
  std::string socket_path;
  std::string rule;
  std::optional<std::uint16_t> port;
  CLI::App app;
  app.allow_extras();
  app.add_option("-n,--host", host)->take_last();
  app.add_option("-p,--port", port)->take_last();
  app.add_option("-u,--unixsocket", socket_path)->take_last();
  app.add_option("-k,--key", options.hmac_key)->take_last();
  app.add_flag("--ssl", options.wants_tls);
  app.add_option("--ssl-cacerts", options.tls_authorities)->take_last();
  app.add_option("--ssl-clientcert", options.tls_certificate)->take_last();
  app.add_option("--ssl-clientkey", options.tls_key)->take_last();
  app.add_flag("-v,--verbose", options.is_verbose);
  app.add_flag("--json", options.wants_json);
  app.add_flag("--yes", options.says_yes);
  app.add_flag("--force", options.of_command.overwrites);
  app.add_flag("--dry-run", options.of_command.is_dry_run);
  app.add_option("--on-conflict", rule)->take_last();
  app.set_version_flag("--version", std::string(version_line));
  auto expanded = expand_option_prefixes(std::move(words), {references_names, our_names});
  if (!expanded) return usage_error(expanded.error().text);
  try {
    std::reverse(expanded->begin(), expanded->end());  // CLI11 takes them from the end
    app.parse(std::move(*expanded));
  } catch (const CLI::CallForHelp&) {
    return tl::unexpected<EarlyExit>(EarlyExit{ExitStatus::done, help_text()});
  } catch (const CLI::CallForVersion&) {
    return tl::unexpected<EarlyExit>(EarlyExit{ExitStatus::done, std::string(version_line)});
  } catch (const CLI::ParseError& error) {
    return usage_error(error.what());
  }
  if (!host.empty()) options.place.host = std::move(host);
  if (!socket_path.empty()) options.place.host = "./u:" + socket_path;
  options.place.port = port;
  for (const auto* file : {&options.tls_authorities, &options.tls_certificate, &options.tls_key})
    options.wants_tls = options.wants_tls || !file->empty();
  if (auto taken = take_rule(rule, options.of_command.on_conflict); !taken)
    return tl::unexpected<EarlyExit>(std::move(taken.error()));
  auto plain = plain_words(app.remaining());
  if (!plain) return tl::unexpected<EarlyExit>(std::move(plain.error()));
  auto taken = take_command(std::move(*plain), options);
  if (!taken) return tl::unexpected<EarlyExit>(std::move(taken.error()));
  auto checked = check_command_options(app, *options.command);
  if (!checked) return tl::unexpected<EarlyExit>(std::move(checked.error()));
  return options;
}

}  // namespace hearth::nsc
