/// Socket addresses as people and URIs spell them. Private to protocol/loop.
///
/// Layer: loop.        Thread rule: plain functions.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>

namespace hearth {

/// The address in numbers, without brackets or port. An IPv4 client of a socket that serves both families is spelled as IPv4.
[[nodiscard]] std::string numeric_host(const sockaddr_storage& address);
[[nodiscard]] std::uint16_t port_of(const sockaddr_storage& address);
/// Bytes of it that mean something: what bind() wants to know.
[[nodiscard]] socklen_t size_of(const sockaddr_storage& address);
[[nodiscard]] sockaddr_storage with_port(const sockaddr_storage& address, std::uint16_t port);

/// 0.0.0.0 or ::
[[nodiscard]] bool is_wildcard(const sockaddr_storage& address);

/// "host:port", or "[host]:port" if the host is an IPv6 address.
[[nodiscard]] std::string host_and_port(const std::string& host, std::uint16_t port);

}  // namespace hearth
