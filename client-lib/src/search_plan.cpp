#include "client-lib/src/search_plan.h"

namespace hearth {
namespace {

constexpr std::string_view socket_prefix = "./u:";
constexpr std::string_view debian_address = "127.0.1.1";

bool is_loopback_name(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
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
  if (place.host) return {{SearchStepKind::given_host, name_server_at(*place.host, port)}};

  std::vector<SearchStep> steps;
  const std::string& host = settings.name_server_host;
  const bool is_local = is_loopback_name(host);
  if (is_local) {
    steps.push_back({SearchStepKind::loopback, name_server_at(host, port)});
    // Pyro asks the resolver first whether that address has a name, which can take seconds; connecting takes none.
    const bool is_ipv6 = host.find(':') != std::string::npos;
    if (host != debian_address && !is_ipv6)
      steps.push_back({SearchStepKind::debian_loopback, name_server_at(debian_address, port)});
  }
  if (settings.preferred_ip_version != 6) {
    steps.push_back({SearchStepKind::broadcast, {}, given_port != 0 ? given_port : settings.broadcast_port});
  }
  // Pyro connects once more to where it has just been; nothing new would come of it.
  const bool is_tried = is_local && port == settings.name_server_port;
  if (!is_tried) steps.push_back({SearchStepKind::configured_host, name_server_at(host, settings.name_server_port)});
  return steps;
}

}  // namespace hearth
