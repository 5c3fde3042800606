// Who may do what: identity x right x name.
#include "nameserver/access/access_rules.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "nameserver/access/access_file.h"
#include "tests/support/access_lab.h"

namespace hearth::test {
namespace {

struct Row {
  const char* who;
  Right right;
  const char* names;  ///< of those of the test, which are allowed; the others are not
};

/// One letter each: their names are "lab.alice.x", "lab.bob.x", "pub.x", and "" for every name.
bool is_allowed(char letter, const Caller& caller, Right right) {
  switch (letter) {
    case 'a': return caller.may(right, "lab.alice.x");
    case 'b': return caller.may(right, "lab.bob.x");
    case 'p': return caller.may(right, "pub.x");
    default: return caller.may(right, "");
  }
}

}  // namespace

TEST_CASE("access rules: identity x right x name") {
  const AccessLab lab(
      "allow anyone read pub.\n"
      "allow token:alice read lab.\n"
      "allow token:alice register,remove lab.alice.\n"
      "allow subject:CN=bob,O=Lab read,register,remove lab.bob.\n"
      "allow cn:bob admin\n"
      "allow uid:1000 register *\n"
      "allow net:198.51.100.0/24 read *\n"
      "allow net:198.51.100.0/25 remove pub.\n");
  using enum Right;
  const Row table[] = {
      {"stranger", read, "p"},
      {"stranger", registration, ""},
      {"stranger", removal, ""},
      {"stranger", admin, ""},
      {"wrong token", read, "p"},
      {"wrong token", registration, ""},
      {"wrong token", removal, ""},
      {"wrong token", admin, ""},
      {"alice", read, "abp"},
      {"alice", registration, "a"},
      {"alice", removal, "a"},
      {"alice", admin, ""},
      {"bob", read, "bp"},
      {"bob", registration, "b"},
      {"bob", removal, "b"},
      {"bob", admin, "abp*"},
      {"user", read, "p"},
      {"user", registration, "abp*"},
      {"user", removal, ""},
      {"user", admin, ""},
      {"neighbour", read, "abp*"},
      {"neighbour", removal, "p"},
      {"neighbour", admin, ""},
      {"far neighbour", read, "abp*"},
      {"far neighbour", removal, ""},
      {"alice nearby", read, "abp*"},
      {"alice nearby", removal, "ap"},
      {"alice nearby", registration, "a"},
  };
  for (const Row& row : table) {
    const Caller caller(lab.rules(), lab.peer(row.who));
    const std::string allowed = row.names;
    for (const char letter : {'a', 'b', 'p', '*'}) {
      CHECK_MESSAGE(is_allowed(letter, caller, row.right) == (allowed.find(letter) != std::string::npos), row.who, " ",
                    to_string(row.right), " ", letter);
    }
    CHECK(caller.has(row.right) == !allowed.empty());
  }
}

TEST_CASE("access rules: what a client is known as") {
  const AccessLab lab("allow token:alice read *\n");
  const auto known_as = [&lab](const char* who) { return Caller(lab.rules(), lab.peer(who)).identity(); };
  CHECK(known_as("alice") == "token:alice");
  CHECK(known_as("alice nearby") == "token:alice");
  CHECK(known_as("bob") == "subject:CN=bob,O=Lab");
  CHECK(known_as("user") == "uid:1000");
  CHECK(known_as("stranger").empty());
  CHECK(known_as("wrong token").empty());
  CHECK(Caller(lab.rules(), lab.peer("wrong token")).has_unknown_token());
  CHECK_FALSE(Caller(lab.rules(), lab.peer("stranger")).has_unknown_token());
  CHECK_FALSE(Caller(lab.rules(), lab.peer("alice")).has_unknown_token());
}

TEST_CASE("access rules: what a client owns things by is nobody else's: no network, and no part of a subject") {
  const AccessLab lab("allow token:alice read *\nallow cn:bob read *\nallow net:198.51.100.0/24 read *\n");
  using Identities = std::vector<std::string>;
  const auto identities = [&lab](Peer peer) { return Caller(lab.rules(), peer).identities(); };
  Peer all = lab.peer("alice nearby");
  all.tls_subject = lab.peer("bob").tls_subject;
  all.uid = 1000;
  CHECK(identities(all) == Identities{"token:alice", "subject:CN=bob,O=Lab", "uid:1000"});
  CHECK(identities(lab.peer("bob")) == Identities{"subject:CN=bob,O=Lab"});
  CHECK(identities(lab.peer("neighbour")).empty());
  CHECK(identities(lab.peer("wrong token")).empty());
}

TEST_CASE("access rules: a name may have two tokens, while they are changed") {
  const AccessLab lab("allow token:alice read *\n" + *token_line("alice", "another") + "\n");
  Peer peer = lab.peer("stranger");
  peer.handshake = "another";
  CHECK(Caller(lab.rules(), peer).identity() == "token:alice");
  CHECK(Caller(lab.rules(), lab.peer("alice")).identity() == "token:alice");
}

TEST_CASE("access rules: the usual handshake value is no token, whatever the file says") {
  const AccessLab lab("allow token:x read *\n" + *token_line("x", "hello") + "\n");
  CHECK_FALSE(Caller(lab.rules(), lab.peer("stranger")).has(Right::read));
}

TEST_CASE("access rules: a name without an identity is not allowed what an empty one would be") {
  const AccessLab lab("allow cn:bob read *\n");
  CHECK_FALSE(Caller(lab.rules(), lab.peer("stranger")).has(Right::read));
  CHECK_FALSE(Caller(lab.rules(), lab.peer("alice")).has(Right::read));
  CHECK(Caller(lab.rules(), lab.peer("bob")).has(Right::read));
}

}  // namespace hearth::test
