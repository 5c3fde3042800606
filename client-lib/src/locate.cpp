#include <hearth/locate.h>

#include <algorithm>
#include <utility>

#include "client-lib/src/broadcast.h"

namespace hearth {
namespace {

constexpr std::string_view socket_prefix = "./u:";
/// What Debian's installer gives a machine's own name in /etc/hosts.
constexpr std::string_view debian_host = "127.0.1.1";

bool is_loopback(std::string_view host) { return host == "localhost" || host == "::1" || host.starts_with("127."); }

Uri name_server_uri(std::string_view host, std::uint16_t port) {
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

class Search {
 public:
  Search(const NameServerPlace& place, const ClientSettings& settings) : place_(place), settings_(settings) {}

  tl::expected<NameServerClient, LocateFailure> run() {
    auto found = place_.host ? try_at(*place_.host, given_port().value_or(settings_.name_server_port)) : search();
    if (found) return NameServerClient(std::move(*found));
    return tl::unexpected<LocateFailure>(std::move(failure_));
  }

 private:
  /// Port 0 counts as none, as in Pyro.
  [[nodiscard]] std::optional<std::uint16_t> given_port() const {
    return place_.port.value_or(0) == 0 ? std::nullopt : place_.port;
  }

  std::optional<Proxy> search() {
    const std::string& host = settings_.name_server_host;
    if (is_loopback(host)) {
      const std::uint16_t port = given_port().value_or(settings_.name_server_port);
      if (auto found = try_at(host, port)) return found;
      if (auto found = try_debian_host(host, port)) return found;
    }
    if (settings_.preferred_ip_version != 6) {
      if (auto found = try_broadcast(given_port().value_or(settings_.broadcast_port))) return found;
    }
    // Pyro connects once more to where it has just been; nothing new would come of it.
    const bool is_tried =
        is_loopback(host) && given_port().value_or(settings_.name_server_port) == settings_.name_server_port;
    return is_tried ? std::nullopt : try_at(host, settings_.name_server_port);
  }

  std::optional<Proxy> try_at(std::string_view host, std::uint16_t port) {
    return try_uri(name_server_uri(host, port));
  }

  std::optional<Proxy> try_uri(const Uri& uri) {
    auto proxy = Proxy::connect(uri, settings_);
    if (proxy) return std::move(*proxy);
    failure_.steps.push_back(std::move(proxy.error()));
    return std::nullopt;
  }

  /// Pyro asks the resolver first whether that address has a name, which can take seconds; connecting
  /// takes none. That nobody is there is the normal case and no news.
  std::optional<Proxy> try_debian_host(std::string_view host, std::uint16_t port) {
    if (host == debian_host || host.find(':') != std::string_view::npos) return std::nullopt;
    auto found = try_at(debian_host, port);
    if (!found && failure_.steps.back().kind == ClientErrorKind::unreachable) failure_.steps.pop_back();
    return found;
  }

  std::optional<Proxy> try_broadcast(std::uint16_t port) {
    auto uri = ask_by_broadcast(port, settings_);
    if (!uri) {
      failure_.steps.push_back(std::move(uri.error()));
      return std::nullopt;
    }
    auto found = try_uri(*uri);
    if (!found) {
      ClientError& step = failure_.steps.back();
      step.text = "the broadcast on UDP port " + std::to_string(port) + " was answered with " + uri->text() + ", but " +
                  step.text;
    }
    return found;
  }

  const NameServerPlace& place_;
  const ClientSettings& settings_;
  LocateFailure failure_;
};

}  // namespace

std::string LocateFailure::text() const {
  std::string text;
  for (const ClientError& step : steps) {
    if (!text.empty()) text += "; ";
    text += step.text;
  }
  return text;
}

bool LocateFailure::somebody_answered() const {
  return std::any_of(steps.begin(), steps.end(), [](const ClientError& step) {
    return step.kind == ClientErrorKind::refused || step.kind == ClientErrorKind::protocol;
  });
}

tl::expected<NameServerClient, LocateFailure> locate(const NameServerPlace& place, const ClientSettings& settings) {
  return Search(place, settings).run();
}

}  // namespace hearth
