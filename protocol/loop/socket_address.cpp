#include "protocol/loop/socket_address.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <array>
#include <cstring>

namespace hearth {
namespace {

/// Copied out: a sockaddr_storage may not be looked at through another type.
template <class Address>
Address as(const sockaddr_storage& address) {
  Address copy;
  std::memcpy(&copy, &address, sizeof copy);
  return copy;
}

template <class Address>
sockaddr_storage storage_of(const Address& address) {
  sockaddr_storage storage{};
  std::memcpy(&storage, &address, sizeof address);
  return storage;
}

}  // namespace

std::string numeric_host(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    const in_addr v4 = as<sockaddr_in>(address).sin_addr;
    inet_ntop(AF_INET, &v4, text.data(), text.size());
  } else if (address.ss_family == AF_INET6) {
    const in6_addr v6 = as<sockaddr_in6>(address).sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&v6)) {
      inet_ntop(AF_INET, &v6.s6_addr[12], text.data(), text.size());
    } else {
      inet_ntop(AF_INET6, &v6, text.data(), text.size());
    }
  }
  return text.data();
}

std::uint16_t port_of(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) return ntohs(as<sockaddr_in>(address).sin_port);
  if (address.ss_family == AF_INET6) return ntohs(as<sockaddr_in6>(address).sin6_port);
  return 0;
}

socklen_t size_of(const sockaddr_storage& address) {
  return address.ss_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
}

sockaddr_storage with_port(const sockaddr_storage& address, std::uint16_t port) {
  if (address.ss_family == AF_INET) {
    auto v4 = as<sockaddr_in>(address);
    v4.sin_port = htons(port);
    return storage_of(v4);
  }
  auto v6 = as<sockaddr_in6>(address);
  v6.sin6_port = htons(port);
  return storage_of(v6);
}

bool is_wildcard(const sockaddr_storage& address) {
  const std::string host = numeric_host(address);
  return host == "0.0.0.0" || host == "::";
}

std::string host_and_port(const std::string& host, std::uint16_t port) {
  const bool is_v6 = host.find(':') != std::string::npos;
  return is_v6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

}  // namespace hearth
