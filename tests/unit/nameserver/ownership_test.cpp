// Owners at work: identity x method x owner, with and without the switch, as single, oneway and batched calls.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nameserver/gatekeeper.h"
#include "protocol/rpc/class_dicts.h"
#include "protocol/rpc/python_exceptions.h"
#include "tests/support/access_lab.h"
#include "tests/support/pyro_client.h"
#include "tests/support/scripted_name_server.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wire_vectors.h"

namespace hearth::test {
namespace {

const std::string rules =
    "allow token:alice read,register,remove lab.\n"
    "allow cn:bob read,register,remove *\n"
    "allow uid:1000 read,register,remove,admin *\n"
    "allow net:198.51.100.0/25 read,register,remove *\n";

ClaimRef claim_of(const std::string& owner) { return std::make_shared<const Claim>(Claim{{owner}}); }

/// A server with "lab.alice" and "lab.bob", which are theirs, and "lab.free", which is nobody's; and clients of it.
struct House {
  explicit House(const std::string& switch_line) : lab(rules + switch_line) {
    server.put("lab.alice", "PYRO:old@h:1", {}, claim_of("token:alice"));
    server.put("lab.bob", "PYRO:old@h:1", {}, claim_of("subject:CN=bob,O=Lab"));
    server.put("lab.free", "PYRO:old@h:1");
    server.gatekeeper().set_rules(lab.rules());
  }

  struct Guest {
    ConnectionId connection = 0;
    PyroClient client{Dialect::pyro4};
  };
  Guest guest(const std::string& who, Dialect dialect = Dialect::pyro5) {
    Guest made{0, PyroClient(dialect)};
    Peer peer = lab.peer(who);
    const Value handshake = peer.handshake;
    peer.handshake = default_handshake;
    made.connection = server.connect(std::move(peer));
    static_cast<void>(server.exchange(made.connection, made.client.connect("Pyro.NameServer", handshake)));
    return made;
  }

  std::vector<Message> exchange(const Guest& of, const Bytes& bytes) {
    return messages_of(server.exchange(of.connection, bytes));
  }
  /// What the call raises, "Type: text"; empty: nothing.
  std::string error(Guest& of, const std::string& method, std::vector<Value> args) {
    return error_in(exchange(of, of.client.call(method, std::move(args))));
  }
  static std::string error_in(const std::vector<Message>& replies) {
    REQUIRE(replies.size() == 1);
    return replies.front().flags.exception ? text_of(payload_of(replies.front())) : std::string();
  }
  static std::string text_of(const Value& value) {
    const auto exception = exception_from_value(value);
    return exception ? exception->type + ": " + exception->text() : std::string();
  }
  std::string everything() { return server.stored_text() + server.owners_text(); }

  AccessLab lab;
  ScriptedNameServer server{"PYRO:Pyro.NameServer@localhost:9090"};
};

struct Row {
  const char* method;
  std::vector<Value> args;
  const char* allowed;  ///< who may where owner-only is on, by first letters
};

constexpr const char* everybody[] = {"alice", "bob", "user", "neighbour"};
constexpr Dialect dialects[] = {Dialect::pyro4, Dialect::pyro5};

std::vector<Row> table() {
  const auto tags = [] { return make_list({"tag"}); };
  return {
      {"register", {"lab.alice", "PYRO:new@h:1"}, "au"},
      {"register", {"lab.bob", "PYRO:new@h:1"}, "bu"},
      {"register", {"lab.free", "PYRO:new@h:1"}, "abun"},
      {"register", {"lab.new", "PYRO:new@h:1"}, "abun"},
      {"set_metadata", {"lab.alice", tags()}, "au"},
      {"set_metadata", {"lab.bob", tags()}, "bu"},
      {"set_metadata", {"lab.free", tags()}, "abun"},
      {"remove", {"lab.alice"}, "au"},
      {"remove", {"lab.bob"}, "bu"},
      {"remove", {"lab.free"}, "abun"},
  };
}

bool is_allowed(const Row& row, const char* who) { return std::string(row.allowed).find(who[0]) != std::string::npos; }

std::string describe(const Row& row, const char* who) {
  return std::string(who) + " " + row.method + " " + *row.args.front().as_str();
}

}  // namespace

TEST_CASE("ownership: who may change what is whose") {
  for (const Row& row : table()) {
    for (const char* who : everybody) {
      for (const Dialect dialect : dialects) {
        House house("owner-only on\n");
        auto guest = house.guest(who, dialect);
        const std::string before = house.everything();
        const std::string error = house.error(guest, row.method, row.args);
        CHECK_MESSAGE(error.starts_with("SecurityError: missing right: admin, since ") == !is_allowed(row, who),
                      describe(row, who), ": ", error);
        CHECK_MESSAGE(error.empty() == is_allowed(row, who), describe(row, who), ": ", error);
        CHECK_MESSAGE((house.everything() != before) == is_allowed(row, who), describe(row, who));
      }
    }
  }
}

TEST_CASE("ownership: without the switch rights alone count") {
  for (const char* switch_line : {"", "owner-only off\n"}) {
    for (const Row& row : table()) {
      for (const char* who : everybody) {
        House house(switch_line);
        auto guest = house.guest(who);
        CHECK_MESSAGE(house.error(guest, row.method, row.args).empty(), describe(row, who));
      }
    }
  }
}

TEST_CASE("ownership: a oneway call to what is another's changes nothing, and is not answered") {
  for (const Row& row : table()) {
    for (const char* who : everybody) {
      House house("owner-only on\n");
      auto guest = house.guest(who);
      const std::string before = house.everything();
      CHECK(house.exchange(guest, guest.client.oneway(row.method, row.args)).empty());
      CHECK_MESSAGE((house.everything() != before) == is_allowed(row, who), describe(row, who));
    }
  }
}

TEST_CASE("ownership: a batch ends at a call to what is another's") {
  for (const Row& row : table()) {
    for (const char* who : everybody) {
      for (const bool oneway : {false, true}) {
        House house("owner-only on\n");
        auto guest = house.guest(who, Dialect::pyro4);
        const auto replies = house.exchange(guest, guest.client.batch({{"register", {"lab.before", "PYRO:o@h:1"}},
                                                                       {row.method, row.args},
                                                                       {"register", {"lab.after", "PYRO:o@h:1"}}},
                                                                      oneway));
        const std::string after = house.everything();
        CHECK_MESSAGE(after.find("lab.before") != std::string::npos, describe(row, who));
        CHECK_MESSAGE((after.find("lab.after") != std::string::npos) == is_allowed(row, who), describe(row, who));
        REQUIRE(replies.size() == (oneway ? 0 : 1));
        if (oneway || is_allowed(row, who)) continue;
        const Value results = payload_of(replies.front());
        REQUIRE(results.as_items() != nullptr);
        REQUIRE(results.as_items()->size() == 2);
        const Value* wrapped = unwrap_batch_exception(results.as_items()->at(1));
        REQUIRE(wrapped != nullptr);
        CHECK(House::text_of(*wrapped).starts_with("SecurityError: missing right: admin, since "));
      }
    }
  }
}

TEST_CASE("ownership: removal by prefix or regex takes what may be removed and leaves the rest") {
  struct Case {
    const char* who;
    const char* left;
  };
  for (const Case& each :
       {Case{"alice", "lab.bob"}, Case{"bob", "lab.alice"}, Case{"neighbour", "lab.alice lab.bob"}, Case{"user", ""}}) {
    for (const std::vector<Value>& args :
         {std::vector<Value>{Value(), "lab."}, std::vector<Value>{Value(), Value(), "lab\\..*"}}) {
      House house("owner-only on\n");
      auto guest = house.guest(each.who);
      CHECK(house.error(guest, "remove", args).empty());
      std::string left;
      for (const char* name : {"lab.alice", "lab.bob", "lab.free"}) {
        if (house.server.index().find(name) != nullptr) left += (left.empty() ? "" : " ") + std::string(name);
      }
      CHECK_MESSAGE(left == each.left, each.who);
      CHECK_MESSAGE(house.server.stored() == house.server.index().size(), each.who);
    }
  }
}

TEST_CASE("ownership: what is said to whom, and to the operator") {
  const TempDir directory;
  const std::string path = directory / "audit.log";
  House house("owner-only on\n");
  house.server.gatekeeper().set_audit_log(std::move(AuditFile::open(path).value()));
  auto alice = house.guest("alice");
  auto neighbour = house.guest("neighbour");
  CHECK(house.error(alice, "remove", {"lab.bob"}) ==
        "SecurityError: missing right: admin, since 'lab.bob' belongs to subject:CN=bob,O=Lab (this client is "
        "token:alice)");
  CHECK(house.error(neighbour, "register", {"lab.alice", "PYRO:o@h:1"}) ==
        "SecurityError: missing right: admin, since 'lab.alice' belongs to token:alice (this client has sent no token, "
        "and "
        "has no other identity)");
  // That the name is taken is said to whoever asks for that.
  CHECK(house.error(alice, "register", {"lab.bob", "PYRO:o@h:1", true}) ==
        "NamingError: name already registered: lab.bob");
  CHECK(house.error(alice, "register", {"lab.alice", "PYRO:new@h:1"}).empty());
  CHECK(house.error(alice, "remove", {Value(), "lab."}).empty());
  std::ifstream file(path);
  const std::string log{std::istreambuf_iterator<char>(file), {}};
  CHECK(std::ranges::count(log, '\n') == 5);
  CHECK(log.find("\"identity\":\"token:alice\",\"name\":\"lab.bob\",\"call\":\"remove\",\"missing\":\"admin\"}\n") !=
        std::string::npos);
  CHECK(log.find("\"event\":\"overwrite\"") != std::string::npos);
  const std::string removals = log.substr(log.find("\"event\":\"remove\""));
  CHECK(removals.find("lab.alice") != std::string::npos);
  CHECK(removals.find("lab.free") != std::string::npos);
  CHECK(removals.find("lab.bob") == std::string::npos);
}

TEST_CASE("ownership: the engine decides, whatever was there when the call came") {
  House house("owner-only on\n");
  auto alice = house.guest("alice");
  auto bob = house.guest("bob");
  const auto send = [&house](House::Guest& of, const Bytes& bytes) {
    CHECK(house.server.send(of.connection, bytes).empty());
  };
  const auto error = [&house](const House::Guest& of) {
    return House::error_in(messages_of(whole_output(house.server.session(of.connection))));
  };
  send(bob, bob.client.call("register", {"lab.new", "PYRO:bob@h:1"}));
  send(alice, alice.client.call("register", {"lab.new", "PYRO:alice@h:1"}));
  house.server.commit();
  CHECK(error(bob).empty());
  CHECK(error(alice).starts_with("SecurityError: missing right: admin, since 'lab.new' belongs to subject:CN=bob"));
  CHECK(house.server.index().find("lab.new")->uri() == "PYRO:bob@h:1");
  // One of several names has become another's on the way: none is removed.
  send(bob, bob.client.call("register", {"lab.free", "PYRO:bob@h:1"}));
  send(alice, alice.client.call("remove", {Value(), "lab."}));
  house.server.commit();
  CHECK(error(bob).empty());
  CHECK(error(alice).starts_with("SecurityError: missing right: admin, since 'lab.free' belongs to subject:CN=bob"));
  CHECK(house.server.index().find("lab.alice") != nullptr);
}

TEST_CASE("ownership: who registers becomes the owner, and where nobody is told from others nobody does") {
  House house("owner-only on\n");
  auto neighbour = house.guest("neighbour");
  auto user = house.guest("user");
  CHECK(house.error(neighbour, "register", {"lab.shared", "PYRO:o@h:1"}).empty());
  CHECK(house.error(user, "register", {"lab.bob", "PYRO:o@h:1"}).empty());
  CHECK(house.error(user, "set_metadata", {"lab.alice", make_list({"tag"})}).empty());
  CHECK(house.server.owners_text() == "lab.alice=token:alice lab.bob=uid:1000 ");
  house.server.gatekeeper().set_rules(nullptr);
  CHECK(house.error(neighbour, "register", {"lab.alice", "PYRO:o@h:1"}).empty());
  CHECK(house.server.owners_text() == "lab.bob=uid:1000 ");
}

TEST_CASE("ownership: a limit to what one owner registers, exact also on the way to the disk") {
  House house("");
  house.server.limits().registrations_per_owner_max = 3;
  auto alice = house.guest("alice");
  const auto registered = [&](const char* name) { return house.error(alice, "register", {name, "PYRO:o@h:1"}); };
  const std::string full =
      "NamingError: no room for another name of token:alice, which may own 3 (registrations-per-owner-max): remove "
      "some, or ask "
      "whoever runs the name server to raise that limit";
  const auto replies = house.exchange(alice, alice.client.batch({{"register", {"lab.1", "PYRO:o@h:1"}},
                                                                 {"register", {"lab.2", "PYRO:o@h:1"}},
                                                                 {"register", {"lab.1", "PYRO:o@h:2"}},
                                                                 {"register", {"lab.3", "PYRO:o@h:1"}}},
                                                                false));
  REQUIRE(replies.size() == 1);
  const Value results = payload_of(replies.front());
  REQUIRE(results.as_items()->size() == 4);
  CHECK(House::text_of(*unwrap_batch_exception(results.as_items()->at(3))) == full);
  CHECK(registered("lab.free") == full);
  CHECK(registered("lab.alice").empty());
  house.exchange(alice, alice.client.batch({{"remove", {"lab.1"}}, {"register", {"lab.3", "PYRO:o@h:1"}}}, true));
  CHECK(registered("lab.4") == full);
  CHECK(house.error(alice, "remove", {Value(), "lab."}).empty());
  for (const char* name : {"lab.1", "lab.2", "lab.3"}) CHECK(registered(name).empty());
  CHECK(registered("lab.4") == full);
  // No owner, no limit.
  auto neighbour = house.guest("neighbour");
  for (int i = 0; i < 5; ++i) {
    CHECK(house.error(neighbour, "register", {"lab.n" + std::to_string(i), "PYRO:o@h:1"}).empty());
  }
  house.server.gatekeeper().set_rules(nullptr);
  CHECK(registered("lab.4").empty());
}

}  // namespace hearth::test
