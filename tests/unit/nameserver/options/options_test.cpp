#include "nameserver/options/options.h"

#include <doctest/doctest.h>

namespace hearth {
namespace {

Result<ParsedOptions> parse(const std::vector<std::string>& arguments, const Environment& variables = {}) {
  return parse_options({arguments, variables, ""});
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
  CHECK(error_of({"--n", "x"}) == "ambiguous option: --n (--nathost, --natport, --nobc?)");
  CHECK(mentions(error_of({"--nonsense"}), "--nonsense"));
  CHECK(mentions(error_of({"-p", "x"}), "port"));
  CHECK(mentions(error_of({"-p", "70000"}), "port"));
  CHECK(mentions(error_of({"stray"}), "stray"));
}

TEST_CASE("a Unix socket alone turns TCP off, with a host or port both are served") {
  CHECK_FALSE(options_of({"-u", "/x"}).serves_tcp);
  CHECK_FALSE(options_of({"-u", "/x"}, {{"PYRO_NS_PORT", "1"}}).serves_tcp);
  CHECK(options_of({"-u", "/x", "-p", "0"}).serves_tcp);
  CHECK(options_of({"-u", "/x", "-n", "localhost"}).serves_tcp);
}

TEST_CASE("NAT needs both host and port, and excludes a Unix socket") {
  CHECK(options_of({"--nathost", "h", "--natport", "0"}).nat_port == 0);
  CHECK(mentions(error_of({"--nathost", "h"}), "--natport"));
  CHECK(mentions(error_of({"--natport", "1"}), "--nathost"));
  CHECK(error_of({"--nathost", "h", "--natport", "1", "-u", "/x"}) == "cannot use nathost together with unixsocket");
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
        Environment{{"PYRO_SERIALIZERS_ACCEPTED", "serpent,nonsense"}},
        Environment{{"PYRO_SERIALIZERS_ACCEPTED", "pickle"}}, Environment{{"PYRO_SSL", "true"}}}) {
    CAPTURE(variables.begin()->first);
    CHECK(mentions(error_of({}, variables), variables.begin()->first));
  }
}

TEST_CASE("what is set but not done is told") {
  CHECK(options_of({}, {{"PYRO_SERIALIZERS_ACCEPTED", "serpent,pickle"}}).warnings.size() == 1);
  CHECK(options_of({"-k", "secret"}).warnings.size() == 1);
  CHECK(mentions(error_of({"-k", "x"}, {{"PYRO_HMAC_KEY", "y"}}), "PYRO_HMAC_KEY"));
}

TEST_CASE("help and version are printed instead of serving") {
  CHECK(mentions(parse({"--help"})->only_print.value(), "--storage"));
  CHECK(parse({"--version"})->only_print.value().starts_with("hearthd "));
}

}  // namespace hearth
