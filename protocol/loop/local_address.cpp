#include "protocol/loop/local_address.h"

#include <fmt/format.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <uv.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "protocol/loop/file_descriptor.h"
#include "protocol/loop/socket_address.h"

namespace hearth {
namespace {

constexpr std::uint16_t any_port = 53;  // connecting sends nothing; the reference's number

struct InterfacesDeleter {
  void operator()(ifaddrs* list) const { freeifaddrs(list); }
};
using Interfaces = std::unique_ptr<ifaddrs, InterfacesDeleter>;

Interfaces interfaces() {
  ifaddrs* list = nullptr;
  return Interfaces(getifaddrs(&list) == 0 ? list : nullptr);
}

bool is_up(const ifaddrs& entry) { return entry.ifa_addr != nullptr && (entry.ifa_flags & IFF_UP) != 0; }

/// The address of an IP interface; of another family: AF_UNSPEC.
sockaddr_storage storage_of(const sockaddr* address) {
  sockaddr_storage storage{};
  if (address->sa_family == AF_INET) std::memcpy(&storage, address, sizeof(sockaddr_in));
  if (address->sa_family == AF_INET6) std::memcpy(&storage, address, sizeof(sockaddr_in6));
  return storage;
}

std::uint32_t ipv4_bits(const sockaddr* address) {
  sockaddr_in v4{};
  std::memcpy(&v4, address, sizeof v4);
  return ntohl(v4.sin_addr.s_addr);
}

std::string dotted(std::uint32_t bits) {
  return fmt::format("{}.{}.{}.{}", bits >> 24U, bits >> 16U & 0xFFU, bits >> 8U & 0xFFU, bits & 0xFFU);
}

}  // namespace

Result<std::string> resolve_ipv4(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (const int code = getaddrinfo(host.c_str(), nullptr, &hints, &found); code != 0) {
    return fail(ErrorKind::system, fmt::format("'{}' has no IPv4 address: {}", host, gai_strerror(code)));
  }
  std::string address = dotted(ipv4_bits(found->ai_addr));
  freeaddrinfo(found);
  return address;
}

Result<std::string> local_address_towards(const std::string& host) {
  sockaddr_storage there{};
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (uv_ip4_addr(host.c_str(), any_port, &v4) == 0) {
    std::memcpy(&there, &v4, sizeof v4);
  } else if (uv_ip6_addr(host.c_str(), any_port, &v6) == 0) {
    std::memcpy(&there, &v6, sizeof v6);
  } else {
    return fail(ErrorKind::system, "'" + host + "' is not an address in numbers");
  }
  const FileDescriptor socket(::socket(there.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_storage here{};
  socklen_t size = sizeof here;
  if (!socket.is_open() || ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&there), sizeof there) != 0 ||
      ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&here), &size) != 0) {
    return fail(ErrorKind::system, fmt::format("no way to {}: {}", host, errno_text(errno)));
  }
  return numeric_host(here);
}

std::vector<std::string> local_addresses() {
  std::vector<std::string> addresses;
  const Interfaces list = interfaces();
  for (const ifaddrs* entry = list.get(); entry != nullptr; entry = entry->ifa_next) {
    if (!is_up(*entry)) continue;
    if (std::string address = numeric_host(storage_of(entry->ifa_addr)); !address.empty()) {
      addresses.push_back(std::move(address));
    }
  }
  return addresses;
}

std::vector<std::string> broadcast_addresses() {
  std::vector<std::string> addresses;
  const Interfaces list = interfaces();
  for (const ifaddrs* entry = list.get(); entry != nullptr; entry = entry->ifa_next) {
    const bool can_broadcast = (entry->ifa_flags & IFF_BROADCAST) != 0 && entry->ifa_netmask != nullptr;
    if (!is_up(*entry) || !can_broadcast || entry->ifa_addr->sa_family != AF_INET) continue;
    // Not ifa_broadaddr: an address may have been given to the interface without one, and the kernel then uses this all
    // the same.
    const std::uint32_t mask = ipv4_bits(entry->ifa_netmask);
    constexpr std::uint32_t smallest_network_mask = 0xFFFFFFFC;  // in a /31 or /32 there is no such address
    if (mask <= smallest_network_mask) addresses.push_back(dotted(ipv4_bits(entry->ifa_addr) | ~mask));
  }
  return addresses;
}

}  // namespace hearth
