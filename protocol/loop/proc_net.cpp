#include "protocol/loop/proc_net.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>

#include "protocol/loop/socket_address.h"

namespace hearth {
namespace {

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

using Line = std::array<char, 512>;  // /proc/net/tcp6 has lines of about 170, /proc/net/unix of at most 170

/// Words of 32 bits in the machine's order, each as eight hexadecimal digits.
std::optional<std::string> host_of(const char* digits) {
  std::array<std::uint32_t, 4> words{};
  const std::size_t count = std::strlen(digits) / 8;
  if (count != 1 && count != words.size()) return std::nullopt;
  for (std::size_t i = 0; i < count; ++i) {
    if (std::sscanf(digits + 8 * i, "%8x", &words[i]) != 1) return std::nullopt;
  }
  sockaddr_storage address{};
  if (count == 1) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    std::memcpy(&v4.sin_addr, words.data(), sizeof v4.sin_addr);
    std::memcpy(&address, &v4, sizeof v4);
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    std::memcpy(&v6.sin6_addr, words.data(), sizeof v6.sin6_addr);
    std::memcpy(&address, &v6, sizeof v6);
  }
  return numeric_host(address);
}

struct Table {
  const char* path;
  bool is_ipv6;
  unsigned waiting_state;   ///< TCP_LISTEN, or TCP_CLOSE: a UDP socket without a peer
  bool waiting_come_first;  ///< the rest need not be read
};

void read_table(const Table& table, std::vector<WaitingSocket>& found) {
  const File file(std::fopen(table.path, "re"));
  if (!file) return;
  Line line{};
  while (std::fgets(line.data(), static_cast<int>(line.size()), file.get()) != nullptr) {
    std::array<char, 33> address{};
    unsigned port = 0;
    unsigned state = 0;
    unsigned long inode = 0;
    const int fields = std::sscanf(line.data(), "%*u: %32[0-9A-F]:%X %*[0-9A-F]:%*X %X %*s %*s %*s %*u %*d %lu",
                                   address.data(), &port, &state, &inode);
    if (fields != 4) continue;  // the titles
    if (state != table.waiting_state) {
      if (table.waiting_come_first) return;
      continue;
    }
    if (auto host = host_of(address.data()))
      found.push_back({std::move(*host), table.is_ipv6, static_cast<std::uint16_t>(port), inode});
  }
}

}  // namespace

std::vector<WaitingSocket> waiting_sockets(Transport transport) {
  static constexpr std::array<Table, 2> tcp{{{"/proc/self/net/tcp", false, 0x0A, true},
                                             {"/proc/self/net/tcp6", true, 0x0A, true}}};
  static constexpr std::array<Table, 2> udp{{{"/proc/self/net/udp", false, 0x07, false},
                                             {"/proc/self/net/udp6", true, 0x07, false}}};
  std::vector<WaitingSocket> found;
  for (const Table& table : transport == Transport::tcp ? tcp : udp) read_table(table, found);
  return found;
}

std::vector<ListeningUnixSocket> listening_unix_sockets() {
  constexpr unsigned accepts_connections = 0x10000;  // __SO_ACCEPTCON
  std::vector<ListeningUnixSocket> found;
  const File file(std::fopen("/proc/self/net/unix", "re"));
  if (!file) return found;
  Line line{};
  while (std::fgets(line.data(), static_cast<int>(line.size()), file.get()) != nullptr) {
    unsigned flags = 0;
    unsigned long inode = 0;
    int path = 0;
    const int fields = std::sscanf(line.data(), "%*s %*s %*s %X %*s %*s %lu %n", &flags, &inode, &path);
    if (fields != 2 || (flags & accepts_connections) == 0 || line[static_cast<std::size_t>(path)] == '\0') continue;
    char* const text = line.data() + path;
    text[std::strcspn(text, "\n")] = '\0';
    found.push_back({text, inode});
  }
  return found;
}

}  // namespace hearth
