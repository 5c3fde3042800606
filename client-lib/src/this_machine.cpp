#include "client-lib/src/this_machine.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <memory>

#include "client-lib/src/socket.h"

namespace hearth {
namespace {

in_addr ipv4_of(const sockaddr* address) {
  sockaddr_in parsed{};
  std::memcpy(&parsed, address, sizeof parsed);
  return parsed.sin_addr;
}

in6_addr ipv6_of(const sockaddr* address) {
  sockaddr_in6 parsed{};
  std::memcpy(&parsed, address, sizeof parsed);
  return parsed.sin6_addr;
}

bool is_same_host(const sockaddr* a, const sockaddr* b) {
  if (a->sa_family != b->sa_family) return false;
  if (a->sa_family == AF_INET) return ipv4_of(a).s_addr == ipv4_of(b).s_addr;
  if (a->sa_family != AF_INET6) return false;
  const in6_addr first = ipv6_of(a);
  const in6_addr second = ipv6_of(b);
  return IN6_ARE_ADDR_EQUAL(&first, &second);
}

bool is_of_an_interface(const sockaddr* address) {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return false;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, &::freeifaddrs);
  for (const ifaddrs* own = list; own != nullptr; own = own->ifa_next) {
    if (own->ifa_addr != nullptr && is_same_host(own->ifa_addr, address)) return true;
  }
  return false;
}

HostMeaning meaning_of_address(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    const std::uint32_t ip = ntohl(ipv4_of(address).s_addr);
    if (ip == INADDR_ANY) return HostMeaning::unspecified;
    if (ip >> 24U == 127) return HostMeaning::loopback;
  } else {
    const in6_addr ip = ipv6_of(address);
    if (IN6_IS_ADDR_UNSPECIFIED(&ip)) return HostMeaning::unspecified;
    if (IN6_IS_ADDR_LOOPBACK(&ip)) return HostMeaning::loopback;
  }
  return is_of_an_interface(address) ? HostMeaning::this_machine : HostMeaning::elsewhere;
}

bool is_here(HostMeaning meaning) { return meaning == HostMeaning::loopback || meaning == HostMeaning::this_machine; }

}  // namespace

HostMeaning meaning_of_host(const std::string& host) {
  if (host.empty()) return HostMeaning::unspecified;
  const auto list = resolve_host(host, 0, AF_UNSPEC, SOCK_STREAM);
  if (!list) return HostMeaning::unknown;
  HostMeaning meaning = HostMeaning::unknown;
  for (const addrinfo* entry = list->get(); entry != nullptr; entry = entry->ai_next)
    meaning = std::max(meaning, meaning_of_address(entry->ai_addr));
  return meaning;
}

bool is_on_this_machine(const Uri& uri) { return uri.socket_path || is_here(meaning_of_host(uri.host.value_or(""))); }

bool is_on_this_machine(const sockaddr* address) { return is_here(meaning_of_address(address)); }

std::string address_text(const sockaddr* address, socklen_t address_bytes) {
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  const int status = ::getnameinfo(address, address_bytes, host.data(), host.size(), port.data(), port.size(),
                                   NI_NUMERICHOST | NI_NUMERICSERV);
  if (status != 0) return "unknown address";
  const std::string name = host.data();
  return (address->sa_family == AF_INET6 ? "[" + name + "]:" : name + ":") + port.data();
}

}  // namespace hearth
