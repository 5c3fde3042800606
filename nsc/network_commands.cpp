// Commands that look for name servers themselves, and have something to say if there is none.
#include <hearth/diagnosis.h>
#include <hearth/inspection.h>
#include <hearth/locate.h>

#include <algorithm>
#include <utility>

#include "nsc/command_functions.h"
#include "nsc/print_servers.h"
#include "protocol/value/repr_parts.h"

namespace hearth::nsc {
namespace {

/// Each server once. How the rest of the network finds it says more than that it can be reached from here.
void add_server(std::vector<LocatedServer>& servers, LocatedServer server) {
  const auto known = std::find_if(servers.begin(), servers.end(), [&server](const LocatedServer& other) {
    return server.inspection && other.inspection && is_same_server(*server.inspection, *other.inspection);
  });
  if (known == servers.end()) {
    servers.push_back(std::move(server));
  } else if (known->found.way == FoundNameServer::Way::direct && server.found.way == FoundNameServer::Way::broadcast) {
    *known = std::move(server);
  }
}

ExitStatus exit_status_of(Health health) {
  switch (health) {
    case Health::healthy: return ExitStatus::done;
    case Health::impaired: return ExitStatus::failed;
    case Health::missing: return ExitStatus::no_name_server;
  }
  return ExitStatus::failed;
}

}  // namespace

Report find_servers(const Request& request) {
  std::vector<LocatedServer> servers;
  for (FoundNameServer& found : locate_all(request.place, request.settings)) {
    auto inspection = inspect(found.uri, request.settings);
    add_server(servers, {std::move(found), std::move(inspection)});
  }
  if (servers.empty()) {
    Report report = success(request, "", located_value(servers));
    report.status = ExitStatus::no_name_server;
    report.err = "nsc: no name server answers. `nsc doctor` tells why\n";
    return report;
  }
  Report report = success(request, located_text(servers), located_value(servers));
  for (const LocatedServer& server : servers) {
    if (!server.inspection)
      report.err += "nsc: " + printable(server.found.address) + ": " + printable(server.inspection.error().text) + "\n";
  }
  return report;
}

Report doctor(const Request& request) {
  const Diagnosis diagnosis = diagnose(request.place, request.settings);
  Report report = success(request, diagnosis_text(diagnosis), diagnosis_value(diagnosis));
  if (report.status == ExitStatus::done) report.status = exit_status_of(diagnosis.verdict.health);
  return report;
}

}  // namespace hearth::nsc
