#include "nameserver/upkeep/location.h"

#include <utility>

#include <hearth/uri.h>

namespace hearth {
namespace {

constexpr std::size_t socket_path_bytes_max = 107;  // unix(7)

/// A relative path means a file only to the process that chose it; one that begins with NUL is no file at all.
bool is_usable_path(const std::string& path) {
  return path.starts_with('/') && path.size() <= socket_path_bytes_max && path.find('\0') == std::string::npos;
}

}  // namespace

std::string Location::likely_place() const {
  return host == "localhost" ? "127.0.0.1" + text.substr(host.size()) : text;
}

std::optional<Target> target_of(std::string_view uri) {
  auto parsed = parse_uri(uri);
  if (!parsed || parsed->protocol != "PYRO") return std::nullopt;
  auto text = parsed->location();
  if (!text) return std::nullopt;
  Target target{{std::move(*text), {}, 0, {}}, std::move(parsed->object)};
  if (parsed->socket_path) {
    if (!is_usable_path(*parsed->socket_path)) return std::nullopt;
    target.location.socket_path = std::move(*parsed->socket_path);
    return target;
  }
  const auto port = parsed->tcp_port();
  if (!port || !parsed->host || parsed->host->empty()) return std::nullopt;
  target.location.host = std::move(*parsed->host);
  target.location.port = *port;
  return target;
}

}  // namespace hearth
