// What hearthd tells its administrators arrives whole; other servers are told apart.
#include <hearth/admin.h>

#include <doctest/doctest.h>

#include "tests/unit/client-lib/admin_handlers.h"
#include "tests/unit/client-lib/pyro_handlers.h"

namespace hearth::test {
namespace {

ServerStatus full_status() {
  ServerStatus status;
  status.version = "1.2.3";
  status.instance = "abc";
  status.uptime_ms = 4000000000000;
  status.registrations = 7;
  status.connections = 3;
  status.storage = "sql:/var/lib/hearth/hearthd.db";
  status.storage_bytes = 4096;
  status.commits = {
      .count = 3, .changes = 8, .largest = 5, .failed = 1, .foreign_changes = 2, .last_unix_ms = 1700000000123};
  status.refusal = "the disk is full";
  status.storage_error = "it was full";
  status.broadcast = "0.0.0.0:9091";
  status.rivals = {{"192.0.2.7:9091", "PYRO:Pyro.NameServer@192.0.2.7:9090"}};
  status.autoclean = AutocleanStatus{
      .period_ms = 5000, .locations = 20, .failing = 12, .suspects = 30, .removed = 4, .is_braked = true};
  return status;
}

ClientSettings speaking(Dialect dialect) {
  ClientSettings settings;
  settings.first_dialect = dialect;
  return settings;
}

/// What a server answers to status() that hands out `answer`.
ClientResult<HearthdStatus> read(const Value& answer) {
  const LoopbackServer server({[&answer](LoopbackPeer& peer) {
    shake_hands(peer, Dialect::pyro5);
    static_cast<void>(peer.receive());
    peer.send(result_bytes(Dialect::pyro5, answer, 1));
  }});
  auto admin = AdminClient::connect(server.uri(), {});
  REQUIRE(admin.has_value());
  return (**admin).status();
}

}  // namespace

TEST_CASE("admin: the status in either dialect") {
  for (const Dialect dialect : {Dialect::pyro4, Dialect::pyro5}) {
    AdminServer hearthd(full_status());
    const LoopbackServer server({hearthd.handler()});
    auto admin = AdminClient::connect(server.uri(), speaking(dialect));
    REQUIRE_MESSAGE(admin.has_value(), admin.error().text);
    REQUIRE(admin->has_value());
    const auto status = (**admin).status();
    REQUIRE_MESSAGE(status.has_value(), status.error().text);
    CHECK(status->version == "1.2.3");
    CHECK(status->instance == "abc");
    CHECK(status->uptime_ms == 4000000000000);
    CHECK(status->registrations == 7);
    CHECK(status->connections == 3);
    CHECK(status->storage == "sql:/var/lib/hearth/hearthd.db");
    CHECK(status->storage_bytes == 4096);
    CHECK(status->commits.count == 3);
    CHECK(status->commits.changes == 8);
    CHECK(status->commits.largest == 5);
    CHECK(status->commits.failed == 1);
    CHECK(status->commits.foreign_changes == 2);
    CHECK(status->commits.last_unix_ms == 1700000000123);
    CHECK(status->refusal == "the disk is full");
    CHECK(status->storage_error == "it was full");
    CHECK(status->broadcast == "0.0.0.0:9091");
    REQUIRE(status->rivals.size() == 1);
    CHECK(status->rivals[0].address == "192.0.2.7:9091");
    CHECK(status->rivals[0].uri == "PYRO:Pyro.NameServer@192.0.2.7:9090");
    REQUIRE(status->autoclean.has_value());
    CHECK(status->autoclean->period_ms == 5000);
    CHECK(status->autoclean->locations == 20);
    CHECK(status->autoclean->failing == 12);
    CHECK(status->autoclean->suspects == 30);
    CHECK(status->autoclean->removed == 4);
    CHECK(status->autoclean->is_braked);
    CHECK((**admin).confirm_autoclean().value() == 30);
  }
}

std::string some_file() {
  std::string file = "SQLite format 3";
  for (int i = 0; i < 3500; ++i) file.push_back(static_cast<char>(i * 37));
  return file;
}

TEST_CASE("admin: a backup comes whole, in either dialect and each serializer") {
  const std::string file = some_file();
  for (const Dialect dialect : {Dialect::pyro4, Dialect::pyro5}) {
    for (const SerializerName serializer :
         {SerializerName::serpent, SerializerName::json, SerializerName::marshal, SerializerName::msgpack}) {
      AdminServer hearthd({}, file);
      const LoopbackServer server({hearthd.handler()});
      ClientSettings settings = speaking(dialect);
      settings.serializer = serializer;
      auto admin = AdminClient::connect(server.uri(), settings);
      REQUIRE_MESSAGE(admin.has_value(), admin.error().text);
      auto backup = (**admin).begin_backup();
      REQUIRE_MESSAGE(backup.has_value(), backup.error().text);
      CHECK_FALSE(backup->size.has_value());
      CHECK(backup->total == 3);
      std::string received;
      while (!backup->is_complete()) {
        REQUIRE((**admin).continue_backup(*backup).has_value());
        CHECK(backup->done <= backup->total);
        received += backup->data;
        CHECK(backup->received == received.size());
      }
      CHECK(received == file);
      CHECK_FALSE(hearthd.fake_backups.was_ended);
      CHECK((**admin).end_backup(*backup).has_value());
      CHECK(hearthd.fake_backups.was_ended);
    }
  }
}

TEST_CASE("admin: a backup that a server makes no sense of") {
  Dict good;
  good.add("id", 7);
  good.add("done", 1);
  good.add("total", 1);
  good.add("size", 3);
  good.add("data", "YWJj");
  const auto begin = [](const Value& answer) {
    const LoopbackServer server({[&answer](LoopbackPeer& peer) {
      shake_hands(peer, Dialect::pyro5);
      for (std::uint16_t sequence = 1; !peer.receive().empty(); ++sequence) {
        peer.send(result_bytes(Dialect::pyro5, answer, sequence));
      }
    }});
    auto admin = AdminClient::connect(server.uri(), {});
    REQUIRE(admin.has_value());
    auto backup = (**admin).begin_backup();
    if (!backup) return backup.error().kind;
    return (**admin).continue_backup(*backup).error().kind;
  };
  CHECK(begin(good) == ClientErrorKind::protocol);  // the same bytes again are more than there are
  const std::pair<const char*, Value> faults[] = {{"data", "no base64"}, {"data", ""}, {"size", 2},
                                                  {"size", None{}},      {"id", "x"},  {"done", -1}};
  for (const auto& fault : faults) {
    Dict bad = good;
    *bad.find(fault.first) = fault.second;
    CAPTURE(fault.first);
    CHECK(begin(bad) == ClientErrorKind::protocol);
  }
}

TEST_CASE("admin: what is off is not there") {
  AdminServer hearthd({});
  const LoopbackServer server({hearthd.handler()});
  auto admin = AdminClient::connect(server.uri(), {});
  REQUIRE(admin.has_value());
  const auto status = (**admin).status();
  REQUIRE(status.has_value());
  CHECK_FALSE(status->broadcast.has_value());
  CHECK_FALSE(status->refusal.has_value());
  CHECK_FALSE(status->storage_error.has_value());
  CHECK_FALSE(status->commits.last_unix_ms.has_value());
  CHECK_FALSE(status->autoclean.has_value());
  CHECK(status->rivals.empty());
}

TEST_CASE("admin: another make of name server") {
  for (const Dialect dialect : {Dialect::pyro4, Dialect::pyro5}) {
    NameServers servers;
    const LoopbackServer server({servers.handler(dialect)});
    const auto admin = AdminClient::connect(server.uri(), speaking(dialect));
    REQUIRE_MESSAGE(admin.has_value(), admin.error().text);
    CHECK_FALSE(admin->has_value());
  }
}

TEST_CASE("admin: no server at all is an error") {
  const LoopbackServer dead(std::vector<LoopbackServer::Handler>{});
  CHECK(AdminClient::connect(dead.uri(), {}).error().kind == ClientErrorKind::unreachable);
}

TEST_CASE("admin: a newer server may tell more, but not less") {
  Value whole = status_value(full_status());
  whole.as<Dict>()->add("mood", "fine");
  CHECK(read(whole).has_value());
  for (const DictItem& item : whole.as<Dict>()->items) {
    const std::string& key = *item.key.as_str();
    if (key == "mood") continue;
    Dict lacking;
    for (const DictItem& other : whole.as<Dict>()->items) {
      if (*other.key.as_str() != key) lacking.add(*other.key.as_str(), other.value);
    }
    CAPTURE(key);
    const auto status = read(lacking);
    REQUIRE_FALSE(status.has_value());
    CHECK(status.error().kind == ClientErrorKind::protocol);
  }
  Value negative = status_value(full_status());
  *negative.as<Dict>()->find("uptime_ms") = -1;
  CHECK_FALSE(read(negative).has_value());
  CHECK_FALSE(read("nonsense").has_value());
}

}  // namespace hearth::test
