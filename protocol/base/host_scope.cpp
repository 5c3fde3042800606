#include "protocol/base/host_scope.h"

#include <algorithm>
#include <string>

namespace hearth {
namespace {

std::string ascii_lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

/// "::", "0:0:0:0:0:0:0:0" and what lies between.
bool is_any_ipv6(std::string_view host) {
  return host.find(':') != std::string_view::npos && host.find_first_not_of("0:") == std::string_view::npos;
}

/// "::1" in any of its spellings.
bool is_ipv6_loopback(std::string_view host) {
  return host.ends_with('1') && is_any_ipv6(host.substr(0, host.size() - 1));
}

/// The names of /etc/hosts in Debian and elsewhere, and the domain that RFC 6761 reserves.
bool is_loopback_name(std::string_view name) {
  return name == "localhost" || name == "localhost.localdomain" || name == "ip6-localhost" || name == "ip6-loopback" ||
         name.ends_with(".localhost");
}

}  // namespace

HostScope scope_of_host(std::string_view host) {
  constexpr std::string_view mapped = "::ffff:";  // IPv4 in IPv6's clothes
  std::string spelled = ascii_lower(host);
  if (spelled.starts_with(mapped)) spelled.erase(0, mapped.size());
  if (spelled.empty() || spelled == "0" || spelled == "0.0.0.0" || is_any_ipv6(spelled)) return HostScope::nowhere;
  if (spelled.starts_with("127.") || is_ipv6_loopback(spelled) || is_loopback_name(spelled)) return HostScope::loopback;
  return HostScope::others;
}

}  // namespace hearth
