/// The sockets of this machine that wait for anybody, as /proc lists them. Private to protocol/loop.
///
/// Layer: loop.        Thread rule: plain functions. Only sockets of our own network namespace are seen.
/// Source: proc(5), and Documentation/networking/proc_net_tcp.rst of the kernel: the listening TCP sockets come first, so the
/// cost does not grow with the number of connections.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hearth {

enum class Transport : unsigned char { tcp, udp };

struct WaitingSocket {
  std::string host;  ///< in numbers, as numeric_host() spells it; "0.0.0.0" or "::" for every address
  bool is_ipv6;      ///< its family: "::" may serve IPv4 as well
  std::uint16_t port;
  std::uint64_t inode;  ///< tells this socket from every other for as long as the machine runs
};

struct ListeningUnixSocket {
  std::string path;  ///< as its owner spelled it
  std::uint64_t inode;
};

/// Those that listen (TCP) or are bound and have no peer (UDP), of both families, IPv4 first. What cannot be read is not there.
[[nodiscard]] std::vector<WaitingSocket> waiting_sockets(Transport transport);
[[nodiscard]] std::vector<ListeningUnixSocket> listening_unix_sockets();

}  // namespace hearth
