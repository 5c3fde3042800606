// The rules at work: identity x method, in both dialects, as single, oneway and batched calls. What is refused changes nothing.
#include "nameserver/gatekeeper.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nameserver/audited_evictions.h"
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
    "allow subject:CN=bob,O=Lab read *\n"
    "allow uid:1000 admin\n"
    "allow net:198.51.100.0/25 read,register pub.\n";

constexpr const char* own_uri = "PYRO:Pyro.NameServer@localhost:9090";
constexpr Dialect dialects[] = {Dialect::pyro4, Dialect::pyro5};

/// A server with "lab.a", "lab.b" and "pub.x", and one client of it.
struct Talk {
  Talk(const std::string& rules_text, const std::string& who, Dialect dialect) : lab(rules_text), client(dialect) {
    for (const char* name : {"lab.a", "lab.b", "pub.x"}) server.put(name, "PYRO:old@h:1");
    server.gatekeeper().set_rules(lab.rules());
    Peer peer = lab.peer(who);
    const Value handshake = peer.handshake;
    peer.handshake = default_handshake;  // it is for the session to find out
    connection = server.connect(std::move(peer));
    static_cast<void>(server.exchange(connection, client.connect("Pyro.NameServer", handshake)));
  }

  [[nodiscard]] std::vector<Message> exchange(const Bytes& bytes) {
    return messages_of(server.exchange(connection, bytes));
  }

  /// What the call raises, "Type: text"; empty: nothing.
  std::string error(const std::string& method, std::vector<Value> args) {
    const auto replies = exchange(client.call(method, std::move(args)));
    REQUIRE(replies.size() == 1);
    return replies.front().flags.exception ? text_of(payload_of(replies.front())) : std::string();
  }

  std::vector<std::string> listed(const std::string& method, std::vector<Value> args) {
    const auto replies = exchange(client.call(method, std::move(args)));
    REQUIRE(replies.size() == 1);
    const Value answer = payload_of(replies.front());
    REQUIRE(answer.as<Dict>() != nullptr);
    std::vector<std::string> names;
    for (const DictItem& item : answer.as<Dict>()->items) names.push_back(*item.key.as_str());
    std::ranges::sort(names);
    return names;
  }

  static std::string text_of(const Value& value) {
    const auto exception = exception_from_value(value);
    return exception ? exception->type + ": " + exception->text() : std::string();
  }

  /// Everything that is registered, as text.
  [[nodiscard]] std::string everything() { return server.stored_text(); }

  AccessLab lab;
  ScriptedNameServer server{own_uri};
  PyroClient client;
  ConnectionId connection = 0;
};

struct Row {
  const char* method;
  std::vector<Value> args;
  const char* allowed;  ///< who may, by the first letters of `everybody`
};

constexpr const char* everybody[] = {"stranger", "wrong token", "alice", "bob", "user", "neighbour"};

std::vector<Row> table() {
  const Value none;
  return {
      {"ping", {}, "swabun"},
      {"count", {}, "b"},
      {"lookup", {"lab.a"}, "ab"},
      {"lookup", {"lab.a", true}, "ab"},
      {"lookup", {"pub.x"}, "bn"},
      {"register", {"lab.new", "PYRO:o@h:1"}, "a"},
      {"register", {"lab.a", "PYRO:new@h:1"}, "a"},
      {"register", {"pub.x", "PYRO:new@h:1"}, "n"},
      {"register", {"", "PYRO:new@h:1"}, ""},
      {"set_metadata", {"lab.a", make_list({"tag"})}, "a"},
      {"set_metadata", {"pub.x", make_list({"tag"})}, "n"},
      {"remove", {"lab.a"}, "a"},
      {"remove", {"pub.x"}, ""},
      {"remove", {none, "lab."}, "a"},
      {"remove", {none, none, "lab.*"}, "a"},
      {"remove", {"no.such"}, ""},
      {"list", {}, "abn"},
      {"list", {"pub."}, "abn"},
      {"list", {none, "pub.*"}, "abn"},
  };
}

bool is_allowed(const Row& row, const char* who) { return std::string(row.allowed).find(who[0]) != std::string::npos; }

bool is_write(const Row& row) {
  const std::string method = row.method;
  return method == "register" || method == "set_metadata" || method == "remove";
}

std::string describe(const Row& row, const char* who, Dialect dialect) {
  std::string text = std::string(who) + " " + row.method;
  for (const Value& arg : row.args) text += arg.as_str() != nullptr ? " " + *arg.as_str() : std::string(" -");
  return text + (dialect == Dialect::pyro4 ? " pyro4" : " pyro5");
}

}  // namespace

TEST_CASE("gatekeeper: who may call what") {
  for (const Row& row : table()) {
    for (const char* who : everybody) {
      for (const Dialect dialect : dialects) {
        Talk talk(rules, who, dialect);
        const std::string before = talk.everything();
        const std::string error = talk.error(row.method, row.args);
        const std::string what = describe(row, who, dialect);
        CHECK_MESSAGE(error.starts_with("SecurityError: missing right: ") == !is_allowed(row, who), what, ": ", error);
        CHECK_MESSAGE((talk.everything() != before) == (is_allowed(row, who) && is_write(row)), what);
      }
    }
  }
}

TEST_CASE("gatekeeper: a oneway call that is refused changes nothing, and is not answered") {
  for (const Row& row : table()) {
    for (const char* who : everybody) {
      for (const Dialect dialect : dialects) {
        Talk talk(rules, who, dialect);
        const std::string before = talk.everything();
        CHECK(talk.exchange(talk.client.oneway(row.method, row.args)).empty());
        CHECK_MESSAGE((talk.everything() != before) == (is_allowed(row, who) && is_write(row)),
                      describe(row, who, dialect));
      }
    }
  }
}

TEST_CASE("gatekeeper: a batch ends at the call that is refused") {
  for (const Row& row : table()) {
    for (const Dialect dialect : dialects) {
      for (const bool oneway : {false, true}) {
        Talk talk(rules, "alice", dialect);
        const Bytes batch = talk.client.batch({{"register", {"lab.before", "PYRO:o@h:1"}},
                                               {row.method, row.args},
                                               {"register", {"lab.after", "PYRO:o@h:1"}}},
                                              oneway);
        const auto replies = talk.exchange(batch);
        const std::string what = describe(row, "alice", dialect);
        const std::string after = talk.everything();
        // What alice may remove by prefix includes what has been registered before.
        const bool removes_it = row.method == std::string("remove") && row.args.front().is_none();
        CHECK_MESSAGE((after.find("lab.before") != std::string::npos) != removes_it, what);
        CHECK_MESSAGE((after.find("lab.after") != std::string::npos) == is_allowed(row, "alice"), what);
        REQUIRE(replies.size() == (oneway ? 0 : 1));
        if (oneway) continue;
        const Value results = payload_of(replies.front());
        REQUIRE(results.as_items() != nullptr);
        CHECK_MESSAGE(results.as_items()->size() == (is_allowed(row, "alice") ? 3 : 2), what);
        const Value* wrapped = unwrap_batch_exception(results.as_items()->at(1));
        CHECK_MESSAGE((wrapped == nullptr) == is_allowed(row, "alice"), what);
        if (wrapped != nullptr) CHECK(Talk::text_of(*wrapped).starts_with("SecurityError: missing right: "));
      }
    }
  }
}

TEST_CASE("gatekeeper: lists show what may be read, and removals take what may be removed") {
  using Names = std::vector<std::string>;
  Talk bob(rules, "bob", Dialect::pyro5);
  CHECK(bob.listed("list", {}) == Names{"Pyro.NameServer", "lab.a", "lab.b", "pub.x"});
  for (const Dialect dialect : dialects) {
    Talk alice(rules, "alice", dialect);
    CHECK(alice.listed("list", {}) == Names{"lab.a", "lab.b"});
    CHECK(alice.listed("list", {Value(), ".*x"}).empty());
    CHECK(alice.listed("list", {"pub"}).empty());
    CHECK(alice.error("remove", {Value(), Value(), ".*"}).empty());
    CHECK(alice.everything().find("lab.") == std::string::npos);
    CHECK(alice.everything().find("pub.x") != std::string::npos);
  }
  Talk alice(rules, "alice", Dialect::pyro5);
  alice.server.put("lab.t", "PYRO:o@h:1", {"tag"});
  alice.server.put("pub.t", "PYRO:o@h:1", {"tag"});
  CHECK(alice.listed("yplookup", {make_list({"tag"})}) == Names{"lab.t"});
  CHECK(alice.listed("yplookup", {Value(), make_list({"tag"})}) == Names{"lab.t"});
  CHECK(alice.listed("yplookup", {}).empty());
  CHECK(Talk(rules, "stranger", Dialect::pyro5).error("yplookup", {make_list({"tag"})}).starts_with("SecurityError"));
  CHECK(Talk(rules, "stranger", Dialect::pyro5).error("yplookup", {}).starts_with("SecurityError"));
}

TEST_CASE("gatekeeper: a refusal tells neither whether there is such a name, nor less than what to ask for") {
  Talk alice(rules, "alice", Dialect::pyro4);
  CHECK(alice.error("lookup", {"pub.x"}) ==
        "SecurityError: missing right: read on 'pub.x' (this client is token:alice)");
  CHECK(alice.error("lookup", {"pub.y"}) ==
        "SecurityError: missing right: read on 'pub.y' (this client is token:alice)");
  CHECK(alice.error("count", {}) == "SecurityError: missing right: read on all names (this client is token:alice)");
  CHECK(alice.error("remove", {"pub.y", "lab"}) ==
        "SecurityError: missing right: remove on 'pub.y' (this client is token:alice)");
  CHECK(Talk(rules, "wrong token", Dialect::pyro4).error("list", {}) ==
        "SecurityError: missing right: read (the token that this client has sent is not known here)");
  CHECK(Talk(rules, "stranger", Dialect::pyro4).error("register", {"a\n", "PYRO:o@h:1"}) ==
        "SecurityError: missing right: register on 'a\\n' (this client has sent no token, and has no other identity)");
}

TEST_CASE("gatekeeper: new rules are for clients that are connected, too") {
  Talk talk(rules, "alice", Dialect::pyro5);
  CHECK(talk.error("lookup", {"lab.a"}).empty());
  talk.server.gatekeeper().set_rules(AccessLab("allow anyone read pub.\n").rules());
  CHECK(talk.error("lookup", {"lab.a"}).starts_with("SecurityError: "));
  CHECK(talk.error("lookup", {"pub.x"}).empty());
  talk.server.gatekeeper().set_rules(nullptr);
  CHECK(talk.error("lookup", {"lab.a"}).empty());
  CHECK(talk.error("remove", {"pub.x"}).empty());
}

TEST_CASE("gatekeeper: a handshake value that is too long to be a token, or no text, is none") {
  for (const Value& value : {Value(std::string(1000, 'x')), Value(5), Value(), make_list({"hello"})}) {
    Talk talk("allow anyone read *\n", "stranger", Dialect::pyro5);
    const ConnectionId other = talk.server.connect();
    static_cast<void>(talk.server.exchange(other, talk.client.connect("Pyro.NameServer", value)));
    CHECK(talk.server.session(other).peer().handshake.empty());
  }
}

TEST_CASE("gatekeeper: the audit log has what was committed and what was refused, and nothing else") {
  const TempDir directory;
  const std::string path = directory / "audit.log";
  const auto events = [&path] {
    std::ifstream file(path);
    std::vector<std::string> found;
    for (std::string line; std::getline(file, line);) {
      const std::size_t start = line.find("\"event\"");
      found.push_back(line.substr(start, line.find(",\"peer\"") - start));
    }
    return found;
  };
  using Events = std::vector<std::string>;
  Talk talk(rules, "alice", Dialect::pyro5);
  talk.server.gatekeeper().set_audit_log(std::move(AuditFile::open(path).value()));
  CHECK(talk.error("lookup", {"lab.a"}).empty());
  CHECK(talk.error("register", {"lab.a", "PYRO:o@h:1", true}).starts_with("NamingError"));
  CHECK(talk.error("set_metadata", {"lab.no", make_list({})}).starts_with("NamingError"));
  CHECK(events().empty());
  CHECK(talk.exchange(talk.client.oneway("register", {"pub.y", "PYRO:o@h:1"})).empty());
  CHECK(talk.error("register", {"lab.a", "PYRO:o@h:1"}).empty());
  CHECK(events() == Events{"\"event\":\"refusal\"", "\"event\":\"overwrite\""});
  const ConnectionId other = talk.server.connect(talk.lab.peer("alice"));
  PyroClient client(Dialect::pyro5);
  static_cast<void>(talk.server.exchange(other, client.connect("Pyro.NameServer", talk.lab.peer("alice").handshake)));
  static_cast<void>(talk.server.send(other, client.call("remove", {Value(), "lab."})));
  CHECK(events().size() == 2);
  talk.server.disconnect(other);  // it has gone, but what it has asked for is done, and written down
  talk.server.commit();
  CHECK(events().size() == 4);
}

TEST_CASE("gatekeeper: what autoclean removes is in the audit log, if it was still there") {
  const TempDir directory;
  const std::string path = directory / "audit.log";
  Talk talk(rules, "alice", Dialect::pyro5);
  talk.server.gatekeeper().set_audit_log(std::move(AuditFile::open(path).value()));
  struct Nobody final : CommitWaiter {
    void committed(Mutation, Result<Outcome>) override {}
  };
  AuditedEvictions evictions(talk.server, talk.server.gatekeeper(), talk.server.index());
  evictions.submit({Evict{{{"lab.a", "PYRO:old@h:1"}, {"lab.b", "PYRO:other@h:1"}}}, no_chain},
                   std::make_unique<Nobody>());
  talk.server.commit();
  std::ifstream file(path);
  std::string line;
  REQUIRE(std::getline(file, line));
  CHECK(line.find("\"peer\":\"hearthd\",\"identity\":\"autoclean\",\"name\":\"lab.a\"") != std::string::npos);
  CHECK_FALSE(std::getline(file, line));
}

TEST_CASE("gatekeeper: more callers than it remembers") {
  Talk talk(rules, "alice", Dialect::pyro5);
  talk.server.limits().connections_max = 3;
  for (int round = 0; round < 10; ++round) {
    const ConnectionId stranger = talk.server.connect();
    PyroClient client(Dialect::pyro5);
    static_cast<void>(talk.server.exchange(stranger, client.connect()));
    const auto replies = messages_of(talk.server.exchange(stranger, client.call("lookup", {"lab.a"})));
    REQUIRE(replies.size() == 1);
    CHECK(replies.front().flags.exception);
    CHECK(talk.error("lookup", {"lab.a"}).empty());
  }
}

}  // namespace hearth::test
