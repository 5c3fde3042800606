/// Sockets as a service manager makes and hands them over: plain descriptors. Whoever gets one closes it.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "protocol/base/check.h"

namespace hearth {

inline int listening_descriptor(int family, const void* address, socklen_t size) {
  const int descriptor = ::socket(family, SOCK_STREAM, 0);
  HEARTH_CHECK(descriptor >= 0);
  HEARTH_CHECK(::bind(descriptor, static_cast<const sockaddr*>(address), size) == 0);
  HEARTH_CHECK(::listen(descriptor, SOMAXCONN) == 0);
  return descriptor;
}

/// On a free port of 127.0.0.1.
inline int inheritable_tcp() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return listening_descriptor(AF_INET, &address, sizeof address);
}

inline std::uint16_t port_of_descriptor(int descriptor) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  HEARTH_CHECK(::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  return ntohs(address.sin_port);
}

/// On a free port of `::`, for both families or for IPv6 only.
inline int inheritable_tcp_v6(bool for_ipv6_only) {
  const int descriptor = ::socket(AF_INET6, SOCK_STREAM, 0);
  const int only = for_ipv6_only ? 1 : 0;
  HEARTH_CHECK(::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only) == 0);
  HEARTH_CHECK(::listen(descriptor, SOMAXCONN) == 0);  // binds it too (listen(2) of an unbound TCP socket)
  return descriptor;
}

/// A path that begins with a zero byte is an abstract address.
inline int inheritable_unix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  HEARTH_CHECK(path.size() < sizeof address.sun_path);
  std::copy(path.begin(), path.end(), address.sun_path);
  return listening_descriptor(AF_UNIX, &address, static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size()));
}

}  // namespace hearth
