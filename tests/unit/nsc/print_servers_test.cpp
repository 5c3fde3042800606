#include "nsc/print_servers.h"

#include <doctest/doctest.h>

#include "nsc/print.h"

namespace hearth::nsc {
namespace {

FoundNameServer found(FoundNameServer::Way way, const std::string& address, const std::string& location,
                      std::uint64_t round_trip_us) {
  return {way, address, parse_uri("PYRO:Pyro.NameServer@" + location).value(), round_trip_us};
}

std::vector<LocatedServer> three_servers() {
  Inspection ours;
  ours.registrations = 12;
  ours.hearthd.emplace().version = "0.1.0";
  Inspection other;
  other.registrations = 3;
  const auto broadcast = FoundNameServer::Way::broadcast;
  return {{found(broadcast, "192.0.2.7:9091", "192.0.2.7:9090", 432), ours},
          {found(FoundNameServer::Way::direct, "localhost:9090", "localhost:9090", 12345), other},
          {found(broadcast, "192.0.2.8:9091", "x\x1B[2Jy:1", 10),
           tl::unexpected(ClientError{ClientErrorKind::unreachable, "it refused"})}};
}

HearthdStatus full_status() {
  HearthdStatus status;
  status.version = "0.1.0";
  status.instance = "abc";
  status.uptime_ms = ((2 * 24 + 3) * 60 + 4) * 60000 + 5999;
  status.registrations = 12;
  status.connections = 3;
  status.storage = "sql:/var/n.db";
  status.storage_bytes = 45678;
  status.commits = {4, 10, 7, 2, 3, 1700000000999};
  status.refusal = "the name server cannot store changes: the disk is full";
  status.storage_error = "the disk is full";
  status.broadcast = "0.0.0.0:9091";
  status.rivals = {{"192.0.2.7:9091", "PYRO:x@h:1"}};
  status.autoclean = HearthdAutoclean{5000, 20, 12, 30, 4, true};
  return status;
}

}  // namespace

TEST_CASE("nsc prints located name servers in columns") {
  CHECK(located_text(three_servers()) ==
        "ADDRESS         URI                                  ROUND TRIP  VERSION  REGISTRATIONS\n"
        "192.0.2.7:9091  PYRO:Pyro.NameServer@192.0.2.7:9090  0.43 ms     0.1.0    12\n"
        "localhost:9090  PYRO:Pyro.NameServer@localhost:9090  12.35 ms    -        3\n"
        "192.0.2.8:9091  PYRO:Pyro.NameServer@x\\x1b[2Jy:1     0.01 ms     -        -\n");
  CHECK(
      json_line(located_value(three_servers())).value() ==
      R"([{"address":"192.0.2.7:9091","uri":"PYRO:Pyro.NameServer@192.0.2.7:9090","by":"broadcast","round_trip_us":432,)"
      R"("version":"0.1.0","registrations":12,"trouble":null},)"
      R"({"address":"localhost:9090","uri":"PYRO:Pyro.NameServer@localhost:9090","by":"direct","round_trip_us":12345,)"
      R"("version":null,"registrations":3,"trouble":null},)"
      R"({"address":"192.0.2.8:9091","uri":"PYRO:Pyro.NameServer@x\u001B[2Jy:1","by":"broadcast","round_trip_us":10,)"
      R"("version":null,"registrations":null,"trouble":"it refused"}])"
      "\n");
}

TEST_CASE("nsc prints a status") {
  ::setenv("TZ", "UTC-1", 1);
  ::tzset();
  CHECK(status_text(full_status(), "PYRO:n@h:1") ==
        "hearthd 0.1.0 at PYRO:n@h:1\n"
        "uptime         2 d 03:04:05\n"
        "registrations  12\n"
        "connections    3\n"
        "storage        sql:/var/n.db, 44.6 KiB\n"
        "commits        4, 2.5 changes in one on average, 7 at most; 2 failed\n"
        "last commit    2023-11-14 23:13:20 +0100\n"
        "changes        REFUSED: the name server cannot store changes: the disk is full\n"
        "storage error  the disk is full\n"
        "other writers  3 registrations changed in the file\n"
        "broadcast      answers at 0.0.0.0:9091\n"
        "autoclean      every 5 s, 12 of 20 locations unreachable, 30 names suspect, 4 removed since the start\n"
        "               BRAKED: so many fail at once that nothing is removed. If they are really gone: nsc "
        "confirm-autoclean\n"
        "rival          192.0.2.7:9091 answers with PYRO:x@h:1\n");
  CHECK(
      json_line(status_value(full_status(), "PYRO:n@h:1")).value() ==
      R"({"uri":"PYRO:n@h:1","version":"0.1.0","instance":"abc","uptime_ms":183845999,"registrations":12,"connections":3,)"
      R"("storage":"sql:/var/n.db","storage_bytes":45678,"commits":{"count":4,"changes":10,"largest":7,"failed":2,)"
      R"("foreign_changes":3,"last_unix_ms":1700000000999},)"
      R"("refusal":"the name server cannot store changes: the disk is full","storage_error":"the disk is full",)"
      R"("broadcast":"0.0.0.0:9091","rivals":[{"address":"192.0.2.7:9091","uri":"PYRO:x@h:1"}],)"
      R"("autoclean":{"period_ms":5000,"locations":20,"failing":12,"suspects":30,"removed":4,"is_braked":true}})"
      "\n");
  HearthdStatus plain;
  plain.storage = "memory";
  CHECK(status_text(plain, "PYRO:n@h:1")
            .ends_with("storage        memory\ncommits        0\nlast commit    none\nchanges        accepted\n"
                       "storage error  none\nbroadcast      not answered\nautoclean      off\nrivals         none\n"));
}

TEST_CASE("nsc prints a diagnosis") {
  Diagnosis diagnosis{{{.kind = StepKind::given_host, .place = "h:1", .outcome = StepOutcome::refused}}, {}};
  diagnosis.verdict = judge(diagnosis.steps);
  CHECK(diagnosis_text(diagnosis) ==
        "h:1 refuses connections: nothing listens there\nLikely cause: " + diagnosis.verdict.explanation +
            "\nRemedy: " + diagnosis.verdict.remedy + "\n");
  const std::string json = json_line(diagnosis_value(diagnosis)).value();
  CHECK(json.starts_with(R"({"health":"missing","cause":"nothing_runs","explanation":")"));
  CHECK(json.ends_with(R"("steps":[{"step":"given_host","place":"h:1","outcome":"refused","said":"","responder":"",)"
                       R"("server":null,"text":"h:1 refuses connections: nothing listens there"}]})"
                       "\n"));
  Diagnosis healthy{{{.kind = StepKind::given_host, .place = "h:1", .server = 1}}, {}};
  healthy.verdict = judge(healthy.steps);
  CHECK(diagnosis_text(healthy) == "h:1 works\nNothing is wrong: h:1 works.\n");
}

}  // namespace hearth::nsc
