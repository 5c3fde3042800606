#include "client-lib/src/search_plan.h"

#include "client-lib/src/server_list.h"

namespace hearth {
namespace {

constexpr std::string_view socket_prefix = "./u:";
constexpr std::string_view debian_address = "127.0.1.1";

bool is_loopback_name(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

SearchStepKind kind_of(const ListedServer& server) {
  return is_loopback_name(server.host) ? SearchStepKind::loopback : SearchStepKind::configured_host;
}

Uri place_of(const ListedServer& server, std::uint16_t default_port) {
  return name_server_at(server.host, server.port.value_or(default_port));
}

}  // namespace

Uri name_server_at(std::string_view host, std::uint16_t port) {
  Uri uri;
  uri.protocol = "PYRO";
  uri.object = name_server_object_id;
  if (host.starts_with(socket_prefix)) {
    uri.socket_path = host.substr(socket_prefix.size());
    return uri;
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  uri.host = host;
  uri.port = static_cast<int>(port);
  return uri;
}

std::vector<SearchStep> plan_search(const NameServerPlace& place, const ClientSettings& settings) {
  const std::uint16_t given_port = place.port.value_or(0);  // 0 counts as none, as in Pyro
  const std::uint16_t port = given_port != 0 ? given_port : settings.name_server_port;
  std::vector<SearchStep> steps;
  if (place.host) {
    for (const ListedServer& server : server_list(*place.host)) {
      steps.push_back({SearchStepKind::given_host, place_of(server, port)});
    }
    // Nothing but commas names nobody; trying that says so.
    if (steps.empty()) steps.push_back({SearchStepKind::given_host, name_server_at(*place.host, port)});
    return steps;
  }

  const auto servers = server_list(settings.name_server_host);
  const bool may_broadcast = settings.preferred_ip_version != 6;
  const SearchStep broadcast{SearchStepKind::broadcast, {}, given_port != 0 ? given_port : settings.broadcast_port};
  if (servers.size() > 1) {
    // Who lists servers wants these, and the network only if there is none of them.
    for (const ListedServer& server : servers) {
      steps.push_back({kind_of(server), place_of(server, port)});
    }
    if (may_broadcast) steps.push_back(broadcast);
    return steps;
  }

  const ListedServer server = servers.empty() ? ListedServer{"", std::nullopt} : servers.front();
  const bool is_local = kind_of(server) == SearchStepKind::loopback;
  if (is_local) {
    steps.push_back({SearchStepKind::loopback, place_of(server, port)});
    // Pyro asks the resolver first whether that address has a name, which can take seconds; connecting takes none.
    const bool is_ipv6 = server.host.find(':') != std::string::npos;
    if (server.host != debian_address && !is_ipv6) {
      const ListedServer debian{std::string(debian_address), server.port};
      steps.push_back({SearchStepKind::debian_loopback, place_of(debian, port)});
    }
  }
  if (may_broadcast) steps.push_back(broadcast);
  // Pyro connects once more to where it has just been; nothing new would come of it.
  const bool is_tried = is_local && server.port.value_or(port) == server.port.value_or(settings.name_server_port);
  if (!is_tried) {
    steps.push_back({SearchStepKind::configured_host, place_of(server, settings.name_server_port)});
  }
  return steps;
}

}  // namespace hearth
