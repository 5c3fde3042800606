#include "nameserver/options/options.h"

#include <doctest/doctest.h>

#include <sstream>

#include "nameserver/options/command_line.h"
#include "nameserver/options/setting.h"

namespace hearth {
namespace {

Result<ParsedOptions> parse(const std::vector<std::string>& arguments, const Environment& variables = {}) {
  return parse_options({arguments, variables, ""});  // no configuration file: sources_test.cpp
}

Options options_of(const std::vector<std::string>& arguments, const Environment& variables = {}) {
  auto parsed = parse(arguments, variables);
  REQUIRE_MESSAGE(parsed.has_value(), (parsed ? "" : parsed.error().text));
  CHECK_FALSE(parsed->only_print.has_value());
  return parsed->options;
}

std::string error_of(const std::vector<std::string>& arguments, const Environment& variables = {}) {
  const auto parsed = parse(arguments, variables);
  REQUIRE_FALSE(parsed.has_value());
  return parsed.error().text;
}

bool mentions(const std::string& text, const std::string& word) { return text.find(word) != std::string::npos; }

}  // namespace

TEST_CASE("the defaults are the reference's, except for the storage") {
  const Options options = options_of({});
  CHECK(options.hosts == std::vector<std::string>{"localhost"});
  CHECK_FALSE(options.host_is_set);
  CHECK(options.port == 9090);
  CHECK(options.serves_tcp);
  CHECK(options.unix_socket.empty());
  CHECK(options.storage.empty());
  CHECK(options.hmac_key.empty());
}

TEST_CASE("short, long, joined and abbreviated spellings mean the same") {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"-n", "h", "-p", "7", "-s", "memory"},
                                             {"--host", "h", "--port", "7", "--storage", "memory"},
                                             {"--host=h", "--port=7", "--storage=memory"},
                                             {"-nh", "-p7", "-smemory"},
                                             {"--ho", "h", "--po=7", "--st", "memory"}}) {
    const Options options = options_of(arguments);
    CHECK(options.hosts == std::vector<std::string>{"h"});
    CHECK(options.host_is_set);
    CHECK(options.port == 7);
    CHECK(options.storage == "memory");
  }
}

TEST_CASE("of an option given twice the last one counts, as in optparse") {
  const Options options = options_of({"-n", "first", "-p", "1", "-x", "-n", "second", "-x", "--port", "2"});
  CHECK(options.hosts == std::vector<std::string>{"first", "second"});
  CHECK(options.port == 2);
}

TEST_CASE("ambiguous, unknown and wrong options are errors that name them") {
  for (const auto& [words, error] : std::vector<std::pair<std::vector<std::string>, const char*>>{
           {{"--n", "x"}, "ambiguous option: --n (--nathost, --natport, --nobc?) (see hearthd --help)"},
           {{"--log", "x"}, "ambiguous option: --log (--log-file, --log-level?) (see hearthd --help)"},
           {{"--nonsense"}, "no such option: --nonsense (see hearthd --help)"},
           {{"--prot=9"}, "no such option: --prot; did you mean --port? (see hearthd --help)"},
           {{"-z"}, "no such option: -z (see hearthd --help)"},
           {{"-p"}, "--port: 1 required PORT missing (see hearthd --help)"},
           {{"-p", "x"}, "--port x is no good: it must be a port from 0 to 65535"},
           {{"-p", "1", "-p", "x"}, "--port x is no good: it must be a port from 0 to 65535"},
           {{"-p", "-1"}, "--port -1 is no good: it must be a port from 0 to 65535"},
           {{"--port=", "-s", "memory"}, "--port  is no good: it must be a port from 0 to 65535"},
           {{"--nobc=perhaps"}, "--nobc=perhaps is no good: it must be true or false"},
           {{"stray"}, "hearthd takes options only, not stray (see hearthd --help)"},
           {{"--", "stray"}, "hearthd takes options only, not stray (see hearthd --help)"},
           {{"--config", "/no/such.conf"}, "there is no configuration file /no/such.conf: correct --config"}}) {
    CHECK(error_of(words) == error);
  }
}

TEST_CASE("a value may look like an option or a list") {
  CHECK(options_of({"-k", "-n"}).hmac_key == "-n");
  CHECK(options_of({"--key=[a,b]"}).hmac_key == "[a,b]");
  CHECK(options_of({"-n", "::1,127.0.0.1"}).hosts == std::vector<std::string>{"::1", "127.0.0.1"});
  CHECK(options_of({"--unixsocket=", "-s", "memory"}).storage == "memory");
}

TEST_CASE("limits are set by their names") {
  const Options options = options_of({"--limit", "connections-max=500", "--limit=nesting-max=50", "--limit",
                                      "connections-max=600", "--limit", "write-queue-bytes-max=1MiB"});
  CHECK(options.limits.connections_max == 600);
  CHECK(options.limits.decode.nesting_max == 50);
  CHECK(options.limits.write_queue_bytes_max == 1U << 20U);
  CHECK(options.limits.commit_items_max == Limits().commit_items_max);
  CHECK(options_of({"--autoclean-grace", "1.5"}).limits.autoclean_grace_ms == 1500);
  CHECK(options_of({"--max-message-size", "1M"}).limits.message_bytes_max == 1U << 20U);

  CHECK(error_of({"--limit", "connection-max=1"}) ==
        "--limit connection-max=1: there is no limit connection-max; did you mean connections-max? (--print-config "
        "shows all)");
  CHECK(error_of({"--limit", "connections-max=1"}) ==
        "--limit connections-max=1 is no good: it must be a number from 10 to 1000000");
  CHECK(error_of({"--limit", "connections-max"}) ==
        "--limit connections-max= is no good: it must be a number from 10 to 1000000");
  CHECK(error_of({"--autoclean-grace", "1", "--limit", "autoclean-grace-ms=2000"}) ==
        "--autoclean-grace and --limit autoclean-grace-ms set the same: give one of them");
}

TEST_CASE("autoclean is off, or a period that the reference would take") {
  CHECK(options_of({}).autoclean_period_ms == 0);
  CHECK(options_of({}, {{"PYRO_NS_AUTOCLEAN", "0.0"}}).autoclean_period_ms == 0);
  CHECK(options_of({}, {{"PYRO_NS_AUTOCLEAN", "3.5"}}).autoclean_period_ms == 3500);
  CHECK(error_of({}, {{"PYRO_NS_AUTOCLEAN", "2"}}) ==
        "PYRO_NS_AUTOCLEAN=2 is no good: it must be 0 (off), or a number of seconds: it cannot be smaller than 3, nor "
        "larger "
        "than 4000000");
}

TEST_CASE("a Unix socket alone turns TCP off, with a host or port both are served") {
  CHECK_FALSE(options_of({"-u", "/x"}).serves_tcp);
  CHECK_FALSE(options_of({"-u", "/x"}, {{"PYRO_NS_PORT", "1"}}).serves_tcp);
  CHECK(options_of({"-u", "/x", "-p", "0"}).serves_tcp);
  CHECK(options_of({"-u", "/x", "-n", "localhost"}).serves_tcp);
}

TEST_CASE("NAT needs both host and port, and excludes a Unix socket") {
  CHECK(options_of({"--nathost", "h", "--natport", "0"}).nat_port == 0);
  CHECK(error_of({"--nathost", "h"}) == "nathost (command line) needs natport (0: the internal port)");
  CHECK(error_of({"--natport", "1"}, {{"PYRO_HOST", "h"}}) == "natport (command line) needs nathost");
  CHECK(error_of({"-u", "/x"}, {{"PYRO_NATHOST", "h"}, {"PYRO_NATPORT", "1"}}) ==
        "cannot use nathost together with unixsocket: unset nathost (PYRO_NATHOST) or unixsocket (command line)");
  CHECK(mentions(error_of({"--nathost", "h"}, {{"PYRO_NATPORT", "0"}}), "needs natport"));  // the reference's "not set"
}

TEST_CASE("the environment is read, and the command line wins") {
  const Environment variables{{"PYRO_HOST", "envhost"},
                              {"PYRO_NS_PORT", "77"},
                              {"PYRO_NATHOST", "nat"},
                              {"PYRO_NATPORT", "78"},
                              {"PYRO_COMPRESSION", "yes"},
                              {"PYRO_LOGLEVEL", "DEBUG"},
                              {"PYRO_HMAC_KEY", "secret"},
                              {"PYRO_MAX_MESSAGE_SIZE", "1000"},
                              {"PYRO_SERIALIZERS_ACCEPTED", "json, serpent"},
                              {"PYRO_THREADPOOL_SIZE", "many"}};
  const Options options = options_of({"-n", "h"}, variables);
  CHECK(options.hosts == std::vector<std::string>{"h"});
  CHECK(options.port == 77);
  CHECK(options.nat_host == "nat");
  CHECK(options.nat_port == 78);
  CHECK(options.compress_replies);
  CHECK(options.log_level == LogLevel::debug);
  CHECK(options.hmac_key == "secret");
  CHECK(options.limits.message_bytes_max == 1000);
  CHECK(options.accepted_serializers == std::vector<SerializerName>{SerializerName::json, SerializerName::serpent});
  CHECK(options.warnings.empty());
}

TEST_CASE("a bad value in the environment is an error that names the variable") {
  for (const Environment& variables :
       {Environment{{"PYRO_NS_PORT", "70000"}}, Environment{{"PYRO_NS_PORT", "9x"}},
        Environment{{"PYRO_COMPRESSION", "maybe"}}, Environment{{"PYRO_LOGLEVEL", "LOUD"}},
        Environment{{"PYRO_SERIALIZERS_ACCEPTED", "serpent,nonsense"}}, Environment{{"PYRO_SSL", "perhaps"}}}) {
    CAPTURE(variables.begin()->first);
    CHECK(mentions(error_of({}, variables), variables.begin()->first));
  }
}

TEST_CASE("every variable of a setting is followed") {
  const Environment variables{
      {"PYRO_NS_BCHOST", "127.0.0.1"},
      {"PYRO_NS_BCPORT", "9191"},
      {"PYRO_BROADCAST_ADDRS", "10.0.0.255, 10.1.0.255"},
      {"PYRO_LOGFILE", "{stderr}"},
      {"PYRO_MAX_MESSAGE_SIZE", "0"},  // the reference's "unlimited"; hearthd always has a limit
      {"PYRO_NS_PORT", ""}};
  const Options options = options_of({}, variables);
  CHECK(options.broadcast_host == "127.0.0.1");
  CHECK(options.broadcast_port == 9191);
  CHECK(options.broadcast_addresses == std::vector<std::string>{"10.0.0.255", "10.1.0.255"});
  CHECK(options.log_file.empty());
  CHECK(options.limits.message_bytes_max == Limits().message_bytes_max);
  CHECK(options.port == 9090);
  CHECK(options_of({}, {{"PYRO_LOGFILE", "/var/log/x"}}).log_file == "/var/log/x");
}

TEST_CASE("variables that only the reference needs are silent, unknown ones are a warning") {
  CHECK(options_of({}, {{"PYRO_NS_HOST", "x"},
                        {"PYRO_SSL_CLIENTCERT", "x"},
                        {"PYRO_SERPENT_BYTES_REPR", "x"},
                        {"PYRO_FLAME_ENABLED", "x"}})
            .warnings.empty());
  CHECK(options_of({}, {{"PYRO_SSL", "off"}, {"PYROGRAM", "x"}, {"HOME", "x"}}).warnings.empty());
  CHECK(options_of({}, {{"PYRO_NSPORT", "1"}}).warnings ==
        std::vector<std::string>{"PYRO_NSPORT is no setting that Pyro or hearthd knows; did you mean PYRO_NS_PORT?"});
  CHECK(options_of({}, {{"PYRO_XYZ", "1"}}).warnings ==
        std::vector<std::string>{"PYRO_XYZ is no setting that Pyro or hearthd knows"});
}

TEST_CASE("what is set but not done is told") {
  CHECK(options_of({}, {{"PYRO_SERIALIZERS_ACCEPTED", "pickle"}}).warnings ==
        std::vector<std::string>{
            "PYRO_SERIALIZERS_ACCEPTED lists pickle alone: nsc and Pyro5 programs, which do not speak "
            "it, are refused"});
  CHECK(options_of({}, {{"PYRO_SERIALIZERS_ACCEPTED", "serpent,pickle"}}).warnings.empty());
  CHECK(options_of({"--serializers", "json"}, {{"PYRO_SERIALIZERS_ACCEPTED", "pickle"}}).warnings.empty());
  CHECK(options_of({"-k", "secret"}).warnings.size() == 1);
  CHECK(error_of({"-k", "x"}, {{"PYRO_HMAC_KEY", "y"}}) == "do not use -k and PYRO_HMAC_KEY at the same time");
  CHECK(options_of({"-k", ""}, {{"PYRO_HMAC_KEY", ""}}).warnings.empty());
  CHECK(
      options_of({"--ssl-serverkeypasswd", "x"}).warnings ==
      std::vector<std::string>{"the ssl-serverkeypasswd given with --ssl-serverkeypasswd can be read by every user of "
                               "this machine: use PYRO_SSL_SERVERKEYPASSWD or the configuration file instead"});
}

TEST_CASE("TLS: Pyro's variables, and what cannot go together") {
  const Options options = options_of({}, {{"PYRO_SSL", "on"},
                                          {"PYRO_SSL_SERVERCERT", "cert"},
                                          {"PYRO_SSL_SERVERKEY", "key"},
                                          {"PYRO_SSL_SERVERKEYPASSWD", "sesame"},
                                          {"PYRO_SSL_CACERTS", "cas"},
                                          {"PYRO_SSL_REQUIRECLIENTCERT", "1"}});
  CHECK(options.uses_tls());
  CHECK(options.ssl_certificate == "cert");
  CHECK(options.ssl_key == "key");
  CHECK(options.ssl_key_passphrase == "sesame");
  CHECK(options.ssl_authorities == "cas");
  CHECK(options.ssl_requires_client_certificate);
  CHECK(options_of({"--ssl", "--ssl-servercert", "c", "--plain-port", "0"}).plain_port == 0);
  CHECK(options_of({"--ssl-port", "9443", "--ssl-servercert", "c"}).uses_tls());
  CHECK_FALSE(options_of({"--ssl-servercert", "c", "--ssl-requireclientcert"}).uses_tls());

  CHECK(error_of({}, {{"PYRO_SSL", "true"}}) ==
        "ssl (PYRO_SSL) needs a certificate: set ssl-servercert (PYRO_SSL_SERVERCERT)");
  CHECK(mentions(error_of({"--ssl-port", "1"}), "ssl-port (command line) needs a certificate"));
  CHECK(error_of({"--ssl", "--ssl-servercert", "c", "--ssl-requireclientcert"}) ==
        "ssl-requireclientcert (command line) needs the CAs of the clients' certificates: set ssl-cacerts "
        "(PYRO_SSL_CACERTS)");
  CHECK(mentions(error_of({"--ssl", "--ssl-servercert", "c", "--ssl-port", "1"}), "or use plain-port"));
  CHECK(mentions(error_of({"--plain-port", "1"}), "plain-port (command line) needs ssl"));
  CHECK(
      mentions(error_of({"-p", "7", "--ssl-port", "7", "--ssl-servercert", "c"}), "is the port of the other clients"));
  CHECK(mentions(error_of({"-u", "/x", "--ssl-port", "7", "--ssl-servercert", "c"}), "needs host or port"));
}

TEST_CASE("help and version are printed instead of serving, whatever else is wrong") {
  const std::string help = parse({"--help"}, {{"PYRO_NS_PORT", "x"}})->only_print.value();
  CHECK(help == parse({"-h"})->only_print);
  CHECK(parse({"--version"})->only_print.value().starts_with("hearthd "));
  for (const Setting& setting : settings()) {
    CAPTURE(setting.name);
    CHECK(mentions(help, "--" + std::string(setting.name)));
    if (setting.short_form != '\0')
      CHECK(mentions(help, "  -" + std::string(1, setting.short_form) + ", --" + std::string(setting.name)));
    CHECK(mentions(help, std::string(setting.variable)));
  }
  for (const auto& action : command_line_actions()) CHECK(mentions(help, "--" + std::string(action.name)));
  for (const char* group :
       {"Addresses", "Storage", "Discovery", "Upkeep", "Protocol", "Security", "Logging", "Configuration"}) {
    CHECK(mentions(help, "\n" + std::string(group) + ":\n"));
  }
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 105);
}

}  // namespace hearth
