#include "nsc/options.h"

#include <doctest/doctest.h>

namespace hearth::nsc {
namespace {

using Words = std::vector<std::string>;

Options good(Words words) {
  auto options = parse_options(std::move(words));
  REQUIRE_MESSAGE(options.has_value(), options.error().text);
  return std::move(*options);
}

EarlyExit bad(Words words) {
  const auto options = parse_options(std::move(words));
  REQUIRE_FALSE(options.has_value());
  return options.error();
}

}  // namespace

TEST_CASE("nsc options stand anywhere, the last of each counts") {
  const Options options = good(
      {"-v", "register", "-n", "first", "name", "--port=1", "uri", "--json", "-n", "last", "tag", "-p", "9", "--yes"});
  CHECK(options.command == find_command("register"));
  CHECK(options.arguments == Words{"name", "uri", "tag"});
  CHECK(options.place.host == "last");
  CHECK(options.place.port == 9);
  CHECK((options.is_verbose && options.wants_json && options.says_yes));
  CHECK(good({"-u", "/tmp/s", "-n", "host", "ping"}).place.host == "./u:/tmp/s");
  CHECK_FALSE(good({"ping"}).place.host.has_value());
  CHECK(good({"--ho", "h", "--verb", "lookup", "--", "--ho"}).arguments == Words{"--ho"});
  CHECK(bad({"--h", "ping"}).text == "nsc: ambiguous option: --h (--help, --host?). See nsc --help\n");
  CHECK(good({"--ver", "ping"}).is_verbose);  // as in the reference, which has no --version
}

TEST_CASE("nsc takes names and patterns as they are") {
  CHECK(good({"listmatching", "[a,b]"}).arguments == Words{"[a,b]"});
  CHECK(good({"register", "[a,b]", "u", "[]", "{x}", ""}).arguments == Words{"[a,b]", "u", "[]", "{x}", ""});
  CHECK(good({"-p", "1", "lookup", "--", "-p"}).arguments == Words{"-p"});
  CHECK(good({"--", "setmeta", "--", "-t"}).arguments == Words{"--", "-t"});
  CHECK(good({"lookup", "-"}).arguments == Words{"-"});
  CHECK(good({"list", ""}).arguments == Words{""});
}

TEST_CASE("nsc says what is wrong with its command line") {
  CHECK(bad({}).text == "nsc: a command is missing. See nsc --help\n");
  CHECK(bad({"dance"}).text == "nsc: there is no command dance. See nsc --help\n");
  CHECK(bad({"lookup"}).text == "nsc: lookup requires one argument: name. See nsc --help\n");
  CHECK(bad({"ping", "x"}).text == "nsc: ping takes no arguments. See nsc --help\n");
  CHECK(bad({"ping", "-x"}).text == "nsc: no such option: -x. See nsc --help\n");
  CHECK(bad({"lookup", "\xFF"}).text == "nsc: names and tags must be UTF-8 text. See nsc --help\n");
  for (const Words& words : {Words{"-p", "x", "ping"}, Words{"-p", "70000", "ping"}, Words{"ping", "-n"}}) {
    CHECK(bad(words).status == ExitStatus::wrong_usage);
  }
}

TEST_CASE("nsc takes some options with some commands only") {
  const Options forced = good({"--force", "backup", "file"});
  CHECK(forced.of_command.overwrites);
  CHECK(forced.arguments == Words{"file"});
  CHECK_FALSE(good({"backup", "file"}).of_command.overwrites);
  const Options importing = good({"import", "--dry-run", "--on-conflict=skip", "file"});
  CHECK(importing.of_command.is_dry_run);
  CHECK(importing.of_command.on_conflict == OnConflict::skip);
  CHECK(good({"import", "--on-c", "replace", "-"}).of_command.on_conflict == OnConflict::replace);
  CHECK(good({"import", "file"}).of_command.on_conflict == OnConflict::fail);
  CHECK(good({"export", "--force"}).of_command.overwrites);
  CHECK(bad({"import", "--on-conflict", "ask", "file"}).text ==
        "nsc: --on-conflict must be fail, skip or replace, not ask. See nsc --help\n");
  CHECK(bad({"export", "--dry-run"}).text == "nsc: export does not take the option --dry-run. See nsc --help\n");
  CHECK(bad({"ping", "--force"}).text == "nsc: ping does not take the option --force. See nsc --help\n");
}

TEST_CASE("nsc --help names every command") {
  const EarlyExit help = bad({"--help"});
  CHECK(help.status == ExitStatus::done);
  for (const Command& command : commands())
    CHECK(help.text.find("\n  " + std::string(command.name) + " ") != std::string::npos);
}

}  // namespace hearth::nsc
