/// What this machine is called on its networks: its own addresses, and the one that faces somebody.
///
/// Layer: loop (base only).        Thread rule: plain functions.
#pragma once

#include <string>
#include <vector>

#include <hearth/result.h>

namespace hearth {

/// The IPv4 address of a host, in numbers. For anything but numbers it asks the resolver, which may block: at the start
/// only.
/// Errors (ErrorKind::system) name the host.
[[nodiscard]] Result<std::string> resolve_ipv4(const std::string& host);

/// The address of ours from which the kernel would send to `host`, an address in numbers, and so the one that it can
/// reach us at. Sends nothing and does not block (Pyro4/socketutil.py getInterfaceAddress). Errors: no route.
[[nodiscard]] Result<std::string> local_address_towards(const std::string& host);

/// Every address of every interface that is up, IPv4 and IPv6, in numbers.
[[nodiscard]] std::vector<std::string> local_addresses();

/// The broadcast address of every IPv4 network that this machine is in.
[[nodiscard]] std::vector<std::string> broadcast_addresses();

}  // namespace hearth
