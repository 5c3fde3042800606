// Command line over environment over file over defaults; where each value comes from; and reading it all again.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <sstream>

#include "nameserver/options/options.h"
#include "tests/support/files.h"
#include "tests/support/temp_dir.h"

namespace hearth {
namespace {

using Words = std::vector<std::string>;

struct Sources {
  TempDir directory;
  std::string path = directory / "hearthd.conf";
  StartArguments arguments{{}, {}, path};

  void write(const std::string& text) const { write_file(path, text); }

  [[nodiscard]] ParsedOptions parse() const {
    auto parsed = parse_options(arguments);
    REQUIRE_MESSAGE(parsed.has_value(), (parsed ? "" : parsed.error().text));
    return *parsed;
  }
  [[nodiscard]] Options options() const { return parse().options; }
  /// With the file's path as FILE.
  [[nodiscard]] std::string error() const {
    const auto parsed = parse_options(arguments);
    REQUIRE_FALSE(parsed.has_value());
    std::string text = parsed.error().text;
    for (std::size_t found = text.find(path); found != std::string::npos; found = text.find(path))
      text.replace(found, path.size(), "FILE");
    return text;
  }
  [[nodiscard]] std::string error(const std::string& file) const {
    write(file);
    return error();
  }
};

/// A line of --print-config, with single blanks.
std::string line_of(const std::string& config, const std::string& key) {
  std::size_t start = config.starts_with(key + " = ") ? 0 : config.find("\n" + key + " = ");
  if (start == std::string::npos) return "";
  if (config[start] == '\n') ++start;
  std::string line = config.substr(start, config.find('\n', start) - start);
  for (std::size_t blanks = line.find("  "); blanks != std::string::npos; blanks = line.find("  "))
    line.erase(blanks, 1);
  return line;
}

}  // namespace

TEST_CASE("the command line wins over the environment, that over the file, that over the default") {
  Sources sources;
  sources.write("port = 1\nbcport = 11\nnatport = 21\nnathost = file\n");
  sources.arguments.environment = {{"PYRO_NS_PORT", "2"}, {"PYRO_NS_BCPORT", "12"}};
  sources.arguments.words = {"-p", "3", "--print-config"};
  const ParsedOptions parsed = sources.parse();
  CHECK(parsed.options.port == 3);
  CHECK(parsed.options.broadcast_port == 12);
  CHECK(parsed.options.nat_port == 21);
  CHECK(parsed.options.hosts == Words{"localhost"});
  const std::string config = parsed.only_print.value();
  CHECK(line_of(config, "port") == "port = 3 # command line");
  CHECK(line_of(config, "bcport") == "bcport = 12 # PYRO_NS_BCPORT");
  CHECK(line_of(config, "natport") == "natport = 21 # " + sources.path + ":3");
  CHECK(line_of(config, "host") == "host = localhost # default");
  CHECK(line_of(config, "unixsocket") == "unixsocket = # default: none");
}

TEST_CASE("a higher source replaces a list, lines of one file add up") {
  Sources sources;
  sources.write("host = a, b\nserializers = json\nhost = c\n");
  CHECK(sources.options().hosts == Words{"a", "b", "c"});
  sources.arguments.environment = {{"PYRO_HOST", "d"}};
  CHECK(sources.options().hosts == Words{"d"});
  sources.arguments.words = {"-n", "e", "-n", "f", "--serializers=marshal,serpent"};
  CHECK(sources.options().hosts == Words{"e", "f"});
  CHECK(sources.options().accepted_serializers == std::vector{SerializerName::marshal, SerializerName::serpent});
}

TEST_CASE("what the file sets, the command line unsets") {
  Sources sources;
  sources.write(
      "nobc = yes\ncompress = true\nunixsocket = /x\nkey = k\nserializers = json\nunixsocket-mode = 600\nlog-file = "
      "/l\n");
  CHECK_FALSE(sources.options().answers_broadcasts);
  CHECK_FALSE(sources.options().serves_tcp);
  sources.arguments.words = {"--nobc=false",   "--compress=no",      "--unixsocket=",      "--key=",
                             "--serializers=", "--unixsocket-mode=", "--log-file={stderr}"};
  const Options options = sources.options();
  CHECK(options.answers_broadcasts);
  CHECK_FALSE(options.compress_replies);
  CHECK(options.unix_socket.empty());
  CHECK(options.serves_tcp);
  CHECK(options.hmac_key.empty());
  CHECK(options.accepted_serializers == Options().accepted_serializers);
  CHECK_FALSE(options.unix_socket_mode.has_value());
  CHECK(options.log_file.empty());
}

TEST_CASE("an empty value in the file is a default, as an empty variable is") {
  Sources sources;
  sources.write("port =\nhost = # none\n[limits]\nconnections-max =\n");
  sources.arguments.environment = {{"PYRO_NS_PORT", ""}};
  CHECK(sources.options().port == 9090);
  CHECK(sources.options().hosts == Words{"localhost"});
}

TEST_CASE("limits stand in a section of their own") {
  Sources sources;
  sources.write(
      "max-message-size = 1M\n[limits]\nconnections-max = 500\nhandshake-timeout-ms = 5000\nwrite-queue-bytes-max = "
      "16MiB\n");
  const Limits limits = sources.options().limits;
  CHECK(limits.connections_max == 500);
  CHECK(limits.handshake_timeout_ms == 5000);
  CHECK(limits.write_queue_bytes_max == 16U << 20U);
  CHECK(limits.message_bytes_max == 1U << 20U);
  sources.arguments.words = {"--limit", "connections-max=600", "--limit", "message-bytes-max=2M"};
  CHECK(sources.options().limits.connections_max == 600);
  CHECK(sources.options().limits.message_bytes_max == 2U << 20U);
}

TEST_CASE("mistakes in the file name the file, the line and what was meant") {
  const Sources sources;
  for (const auto& [file, error] : std::vector<std::pair<const char*, const char*>>{
           {"\nprot = 1\n", "FILE:2: there is no setting prot; did you mean port?"},
           {"colour = blue\n", "FILE:1: there is no setting colour"},
           {"port = many\n", "FILE:1: port = many is no good: it must be a port from 0 to 65535"},
           {"port\n", "FILE:1: expected `key = value`, `[section]` or a comment that starts with '#'"},
           {"[limit]\nconnections-max = 500\n", "FILE:2: there is no section [limit]; did you mean limits?"},
           {"[limits]\nconnection-max = 1\n",
            "FILE:2: there is no limit connection-max; did you mean connections-max?"},
           {"[limits]\nconnections-max = 1\n",
            "FILE:2: connections-max = 1 is no good: it must be a number from 10 to 1000000"},
           {"connections-max = 500\n", "FILE:1: connections-max is a limit: put it behind a line [limits]"},
           {"[limits]\nport = 1\n", "FILE:2: port is no limit: put it before the line [limits]"},
           {"config = other.conf\n", "FILE:1: config can only be given on the command line"},
           {"port = 1\nhost = x\nport = 2\n", "FILE:3: port is set already, by FILE:1: keep one of the two"},
           {"autoclean-grace = 1\n[limits]\nautoclean-grace-ms = 2000\n",
            "FILE:3: autoclean-grace-ms is set already, by FILE:1: keep one of the two"},
           {"nathost = h\nnatport = 0\nunixsocket = /x\n",
            "cannot use nathost together with unixsocket: unset nathost (FILE:1) or unixsocket (FILE:3)"},
           {"nathost = h\n", "nathost (FILE:1) needs natport (0: the internal port)"}}) {
    CHECK(sources.error(file) == error);
  }
}

TEST_CASE("a mistake is told even where a higher source hides it") {
  Sources sources;
  sources.arguments.words = {"-p", "1"};
  sources.arguments.environment = {{"PYRO_NS_PORT", "x"}};
  CHECK(sources.error() == "PYRO_NS_PORT=x is no good: it must be a port from 0 to 65535");
  sources.arguments.environment.clear();
  CHECK(sources.error("port = x\n").starts_with("FILE:1: "));
}

TEST_CASE("the usual file need not exist, one that is named must; --config= reads none") {
  Sources sources;
  CHECK(sources.options().port == 9090);
  sources.write("port = 1\n");
  CHECK(sources.options().port == 1);
  write_file(sources.directory / "other.conf", "port = 2\n");
  sources.arguments.words = {"--config", sources.directory / "other.conf"};
  CHECK(sources.options().port == 2);
  sources.arguments.words = {"--config="};
  CHECK(sources.options().port == 9090);
  sources.arguments.words = {"--config", sources.directory / "missing.conf"};
  CHECK(sources.error() ==
        "there is no configuration file " + sources.directory / "missing.conf" + ": correct --config");
}

TEST_CASE("a Unix socket alone means no TCP, whichever source says so") {
  struct Case {
    const char* file;
    Environment environment;
    Words words;
    bool serves_tcp;
  };
  for (const Case& test :
       std::vector<Case>{{"unixsocket = /x\n", {}, {}, false},
                         {"unixsocket = /x\nport = 9090\n", {}, {}, true},
                         {"unixsocket = /x\nhost = localhost\n", {}, {}, true},
                         {"unixsocket = /x\n", {{"PYRO_HOST", "h"}, {"PYRO_NS_PORT", "1"}}, {}, false},
                         {"unixsocket = /x\nport = 1\n", {{"PYRO_NS_PORT", "1"}}, {}, true},
                         {"unixsocket = /x\n", {}, {"-p", "0"}, true},
                         {"port = 1\n", {}, {"-u", "/x"}, true},
                         {"nobc = yes\n", {}, {"-u", "/x"}, false},
                         {"port =\n", {}, {"-u", "/x"}, false}}) {
    Sources sources;
    sources.write(test.file);
    sources.arguments.environment = test.environment;
    sources.arguments.words = test.words;
    CHECK(sources.options().serves_tcp == test.serves_tcp);
  }
}

TEST_CASE("a key in the file is warned about if every user can read it") {
  Sources sources;
  sources.write("# secrets\nkey = \"se#cret\"\n");
  REQUIRE(chmod(sources.path.c_str(), 0640) == 0);
  CHECK(sources.options().hmac_key == "se#cret");
  CHECK(sources.options().warnings.empty());
  REQUIRE(chmod(sources.path.c_str(), 0644) == 0);
  CHECK(sources.options().warnings == Words{"the key in " + sources.path +
                                            ":2 can be read by every user of this machine: chmod o-r " + sources.path});
  sources.arguments.environment = {{"PYRO_HMAC_KEY", "other"}};
  CHECK(sources.options().hmac_key == "other");
  sources.write("port = 1\n");
  CHECK(sources.options().warnings.empty());
}

TEST_CASE("--check-config says that all is well") {
  Sources sources;
  sources.arguments.words = {"--check-config"};
  CHECK(sources.parse().only_print == "configuration ok\n");
  CHECK(sources.error("port = x\n").starts_with("FILE:1: "));
}

TEST_CASE("--print-config is a configuration file that gives the same settings") {
  const std::vector<Words> command_lines{{},
                                         {"-n", "0.0.0.0", "-n", "::", "-p", "0", "-u", "/run/a b #c.sock",
                                          "--unixsocket-mode", "0600", "-s", "sql:/x \"y\".db", "-x"},
                                         {"--nathost",
                                          "h",
                                          "--natport",
                                          "0",
                                          "--bchost",
                                          "127.0.0.1",
                                          "--bcport=0",
                                          "--broadcast-on-loopback",
                                          "--refuse-rivals",
                                          "--broadcast-addresses",
                                          "10.0.0.255",
                                          "--autoclean=3.5",
                                          "--autoclean-grace=1.25",
                                          "--serializers=json,marshal",
                                          "--compress",
                                          "--max-message-size",
                                          "123457",
                                          "--log-level=error",
                                          "--log-file",
                                          "/var/log/#1\n.log",
                                          "--debug=net,store",
                                          "--limit",
                                          "nesting-max=77",
                                          "--limit",
                                          "commit-queue-bytes-max=1536M"},
                                         {"-u", "/x"}};
  for (Words words : command_lines) {
    Sources sources;
    words.emplace_back("--print-config");
    sources.arguments.words = words;
    sources.arguments.environment = {{"PYRO_NS_BCPORT", "7"}};
    const ParsedOptions first = sources.parse();
    sources.write(first.only_print.value());
    sources.arguments = {{"--print-config"}, {}, sources.path};
    const ParsedOptions second = sources.parse();
    CHECK(second.options.serves_tcp == first.options.serves_tcp);
    CHECK(second.options.host_is_set == first.options.host_is_set);
    CHECK(second.options.warnings.empty());
    const auto reloaded = reload_options(sources.arguments, first.options);
    REQUIRE(reloaded.has_value());
    CHECK(reloaded->changed == Words{});
    CHECK(reloaded->need_restart == Words{});
    // The same text again, but for the origins.
    std::istringstream before(first.only_print.value());
    std::istringstream after(second.only_print.value());
    for (std::string a, b; std::getline(before, a) && std::getline(after, b);) {
      if (a.find(" # ") != std::string::npos) CHECK(a.substr(0, a.rfind(" # ")) == b.substr(0, b.rfind(" # ")));
    }
  }
}

TEST_CASE("--print-config hides the key and leaves out what a Unix socket alone makes void") {
  Sources sources;
  sources.arguments.words = {"-u", "/x", "--print-config"};
  sources.arguments.environment = {{"PYRO_HMAC_KEY", "tell-nobody"}};
  const std::string config = sources.parse().only_print.value();
  CHECK(config.find("tell-nobody") == std::string::npos);
  CHECK(line_of(config, "#key") == "#key = (hidden) # PYRO_HMAC_KEY");
  CHECK(line_of(config, "#port") == "#port = 9090 # default; not used, since there is a Unix socket alone");
}

TEST_CASE("a reload follows what can change and names what waits for a restart") {
  Sources sources;
  sources.write("port = 1\nlog-level = info\ncompress = no\n");
  sources.arguments.words = {"--limit", "nesting-max=50"};
  const Options current = sources.options();
  const auto reload = [&](const std::string& file) {
    sources.write(file);
    return reload_options(sources.arguments, current);
  };

  const auto same = reload("port = 1\n");
  REQUIRE(same.has_value());
  CHECK((same->changed.empty() && same->need_restart.empty()));

  const auto reloaded = reload(
      "port = 2\nunixsocket = /x\nlog-level = error\ndebug = net\ncompress = yes\nautoclean-grace = "
      "5\n[limits]\nconnections-max = 77\n"
      "nesting-max = 99\n");
  REQUIRE(reloaded.has_value());
  CHECK(reloaded->changed == Words{"log-level", "debug", "connections-max", "autoclean-grace-ms"});
  CHECK(reloaded->need_restart == Words{"port", "unixsocket", "compress"});
  const Options& options = reloaded->options;
  CHECK(options.port == 1);
  CHECK(options.unix_socket.empty());
  CHECK(options.serves_tcp);
  CHECK_FALSE(options.compress_replies);
  CHECK(options.log_level == LogLevel::error);
  CHECK(options.debug_categories == Words{"net"});
  CHECK(options.limits.connections_max == 77);
  CHECK(options.limits.autoclean_grace_ms == 5000);
  CHECK(options.limits.decode.nesting_max == 50);  // the command line is the same as at the start

  const auto mistaken = reload("log-level = loud\n");
  REQUIRE_FALSE(mistaken.has_value());
  CHECK(mistaken.error().text.find(":1: log-level = loud is no good") != std::string::npos);
}

}  // namespace hearth
