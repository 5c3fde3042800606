#include "nameserver/access/access_file.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "protocol/base/limits.h"
#include "tests/support/temp_dir.h"

namespace hearth::test {
namespace {

AccessRules rules_of(const std::string& text) {
  auto rules = parse_access(text, "FILE");
  REQUIRE_MESSAGE(rules.has_value(), rules.error().text);
  return std::move(*rules);
}

std::string error_of(const std::string& text) {
  const auto rules = parse_access(text, "FILE");
  REQUIRE_FALSE(rules.has_value());
  return rules.error().text;
}

const PrefixSet& names(const AccessRules& rules, const Identity& identity, Right right) {
  return rules.grants.at(identity).at(static_cast<std::size_t>(right));
}

const std::string hash = "sha256:000102030405060708090a0b0c0d0e0f:" + std::string(64, '0');

}  // namespace

TEST_CASE("access file: an empty one allows nothing") {
  for (const char* text : {"", "\n", "# a comment\n\n   \t\r\n", "#"}) {
    const AccessRules rules = rules_of(text);
    CHECK(rules.grants.empty());
    CHECK(rules.tokens.empty());
  }
}

TEST_CASE("access file: every identity, right and way to write a prefix") {
  const AccessRules rules = rules_of(
      "# who may do what\n"
      "allow token:alice  read,register,remove  lab.alice. \"lab shared.\"  # and a comment\r\n"
      "token alice " +
      hash + "\ntoken alice " + hash +
      "   # the next one\n"
      "\tallow subject:\"CN=Bob B,O=\\\"Lab\\\"\" read *\n"
      "allow \"cn:carol#\" read a#b \"*\" \"\"\n"
      "allow uid:1000 read,admin x\n"
      "allow uid:0 admin\n"
      "allow net:192.0.2.0/24 read pub.\n"
      "allow anyone read pub.\n"
      "allow anyone register pub.\n"
      "allow anyone read more.");
  CHECK(rules.tokens.size() == 2);
  CHECK(rules.grants.size() == 7);
  const Identity alice = identity::Token{"alice"};
  for (const Right right : {Right::read, Right::registration, Right::removal}) {
    CHECK(names(rules, alice, right).covers("lab.alice.x"));
    CHECK(names(rules, alice, right).covers("lab shared.x"));
    CHECK_FALSE(names(rules, alice, right).covers("lab.bob"));
  }
  CHECK(names(rules, alice, Right::admin).is_empty());
  const Identity bob = identity::Subject{"CN=Bob B,O=\"Lab\""};
  CHECK(names(rules, bob, Right::read).covers_everything());
  CHECK(names(rules, bob, Right::registration).is_empty());
  CHECK(names(rules, identity::CommonName{"carol#"}, Right::read).covers_everything());
  CHECK(names(rules, identity::User{1000}, Right::admin).covers_everything());
  CHECK_FALSE(names(rules, identity::User{1000}, Right::read).covers("y"));
  CHECK(names(rules, identity::User{0}, Right::admin).covers_everything());
  CHECK(names(rules, identity::User{0}, Right::read).is_empty());
  CHECK(names(rules, *parse_network("192.0.2.0/24"), Right::read).covers("pub.x"));
  CHECK(names(rules, identity::Anyone{}, Right::registration).covers("pub.x"));
  CHECK(names(rules, identity::Anyone{}, Right::read).covers("more.x"));
  CHECK_FALSE(names(rules, identity::Anyone{}, Right::registration).covers("more.x"));
}

TEST_CASE("access file: what is wrong is said with its line") {
  struct Wrong {
    std::string text;
    std::string begin;
  };
  const Wrong table[] = {
      {"\nallo anyone read *", "FILE:2: allo: a line begins with allow, token or owner-only"},
      {"allow anyone", "FILE:1: a rule is written as: allow IDENTITY RIGHTS PREFIX …"},
      {"allow alice read *", "FILE:1: alice: expected anyone, or one of token:NAME"},
      {"allow token: read *", "FILE:1: token:: expected anyone"},
      {"allow uid:root read *", "FILE:1: uid:root: a user is written as its number"},
      {"allow net:192.0.2.7/24 read *", "FILE:1: net:192.0.2.7/24: the address has bits behind the first 24"},
      {"allow anyone write *", "FILE:1: there is no right write: choose from read, register, remove and admin"},
      {"allow anyone read, register *", "FILE:1: there is no right : choose from"},
      {"allow anyone read", "FILE:1: read on which names? Write how they begin, or * for every name"},
      {"allow anyone read,admin", "FILE:1: read on which names?"},
      {"allow anyone admin *", "FILE:1: admin is not about names: nothing can follow it"},
      {"allow anyone read lab.*", "FILE:1: lab.*: names are told by how they begin, without a *"},
      {"allow anyone read \"lab", "FILE:1: the closing quote is missing"},
      {"allow anyone read \"a\\n\"", "FILE:1: in quotes only"},
      {"allow anyone read \"a\\", "FILE:1: in quotes only"},
      {"allow anyone read \xff", "FILE:1: this is not UTF-8 text"},
      {"# x\nallow token:bob read *\n# y\n", "FILE:2: no line says what token bob is: `hearthd --new-token bob`"},
      {"owner-only", "FILE:1: this is written as: owner-only on, or: owner-only off"},
      {"owner-only yes", "FILE:1: this is written as: owner-only on, or: owner-only off"},
      {"owner-only on lab.", "FILE:1: this is written as: owner-only on, or: owner-only off"},
      {"owner-only on\nowner-only off", "FILE:2: owner-only has been said before"},
      {"token alice", "FILE:1: a token is written as: token NAME sha256:SALT:DIGEST"},
      {"token alice secret", "FILE:1: that is no hash of a token"},
      {"token al:ice " + hash, "FILE:1: al:ice: the name of a token is made of letters, digits and - _ . @"},
  };
  for (const Wrong& wrong : table) {
    const std::string error = error_of(wrong.text);
    CHECK_MESSAGE(error.starts_with(wrong.begin), error);
    CHECK(error.find('\n') == std::string::npos);
  }
}

TEST_CASE("access file: registrations belong to their owners if it says so") {
  CHECK_FALSE(rules_of("allow anyone read *").is_owner_only);
  CHECK_FALSE(rules_of("owner-only off").is_owner_only);
  CHECK(rules_of("allow anyone read *\n owner-only on # a comment\n").is_owner_only);
}

TEST_CASE("access file: no more tokens than may be tried for each client") {
  std::string text;
  for (std::size_t i = 0; i < access_tokens_max; ++i) text += "token t" + std::to_string(i) + " " + hash + "\n";
  CHECK(rules_of(text).tokens.size() == access_tokens_max);
  CHECK(error_of(text + "token one.more " + hash) ==
        "FILE:" + std::to_string(access_tokens_max + 1) + ": there are more than 1000 tokens");
}

TEST_CASE("access file: the line of a new token is one that the file takes") {
  const auto line = token_line("alice@lab", "secret");
  REQUIRE(line.has_value());
  const AccessRules rules = rules_of(*line);
  REQUIRE(rules.tokens.size() == 1);
  CHECK(rules.tokens.front().name == "alice@lab");
  CHECK(matches(rules.tokens.front().hash, "secret"));
  CHECK_FALSE(token_line("", "secret").has_value());
  CHECK_FALSE(token_line("a b", "secret").has_value());
}

TEST_CASE("access file: one that cannot be read is named") {
  const TempDir directory;
  const std::string path = directory / "access.conf";
  const auto error = [&] {
    const auto rules = read_access_file(path);
    REQUIRE_FALSE(rules.has_value());
    return rules.error().text;
  };
  CHECK(error() == "cannot read the access rules in " + path + ": No such file or directory");
  std::ofstream(path) << "allow anyone read *\n";
  CHECK(read_access_file(path).value().grants.size() == 1);
  std::ofstream(path) << "allow\n";
  CHECK(error().starts_with(path + ":1: "));
  std::filesystem::resize_file(path, access_file_bytes_max + 1);
  CHECK(error().ends_with("it is too large to be one"));
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  CHECK(error().ends_with("it is no regular file"));
}

}  // namespace hearth::test
