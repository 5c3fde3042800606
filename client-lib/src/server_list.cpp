#include "client-lib/src/server_list.h"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace hearth {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

std::optional<std::uint16_t> port_in(std::string_view text) {
  std::uint16_t port = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), port);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

ListedServer server_in(std::string_view text) {
  const ListedServer all_host{std::string(text), std::nullopt};
  if (text.starts_with("./u:")) return all_host;
  std::size_t host_end = text.find(':');
  std::string_view host = text.substr(0, host_end);
  if (text.starts_with('[')) {
    host_end = text.find(']');
    if (host_end == std::string_view::npos) return all_host;
    host = text.substr(1, host_end - 1);
    ++host_end;
    if (host_end == text.size()) return {std::string(host), std::nullopt};
    if (text[host_end] != ':') return all_host;
  } else if (host_end == std::string_view::npos || text.find(':', host_end + 1) != std::string_view::npos) {
    return all_host;  // without a port, or an IPv6 address without brackets
  }
  const auto port = port_in(text.substr(host_end + 1));
  return port ? ListedServer{std::string(host), port} : all_host;
}

}  // namespace

std::vector<ListedServer> server_list(std::string_view text) {
  std::vector<ListedServer> servers;
  while (!text.empty()) {
    const std::string_view place = text.substr(0, text.find(','));
    text.remove_prefix(std::min(place.size() + 1, text.size()));
    if (!trimmed(place).empty()) servers.push_back(server_in(trimmed(place)));
  }
  return servers;
}

}  // namespace hearth
