#include "protocol/loop/port_owner.h"

#include <fmt/format.h>
#include <netinet/in.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <vector>

#include "protocol/loop/socket_address.h"

namespace hearth {
namespace {

namespace fs = std::filesystem;

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

using Line = std::array<char, 256>;  // /proc/net/tcp6 has lines of about 170

/// The address as /proc/net/tcp prints it: words of 32 bits in the machine's order.
std::string proc_spelling(const sockaddr_storage& address) {
  std::array<std::uint32_t, 4> words{};
  std::size_t count = 0;
  if (address.ss_family == AF_INET) {
    count = 1;
    std::memcpy(words.data(), reinterpret_cast<const char*>(&address) + offsetof(sockaddr_in, sin_addr),
                sizeof(in_addr));
  } else {
    count = 4;
    std::memcpy(words.data(), reinterpret_cast<const char*>(&address) + offsetof(sockaddr_in6, sin6_addr),
                sizeof(in6_addr));
  }
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += fmt::format("{:08X}", words[i]);
  return text;
}

bool is_all_zeros(const std::string& proc_address) { return proc_address.find_first_not_of('0') == std::string::npos; }

bool stands_in_the_way(const std::string& other, const std::string& wanted) {
  return other == wanted || is_all_zeros(other) || is_all_zeros(wanted);
}

/// Where the kernel lists the sockets of a transport (proc(5)), and the state of those that wait for anybody.
struct Tables {
  const char* v4;
  const char* v6;
  unsigned waiting_state;
};
constexpr Tables tcp_tables{"/proc/net/tcp", "/proc/net/tcp6", 0x0A};  // TCP_LISTEN
constexpr Tables udp_tables{"/proc/net/udp", "/proc/net/udp6", 0x07};  // TCP_CLOSE: a UDP socket without a peer

/// The socket inodes in `table` that wait where we want to.
std::vector<unsigned long> waiting_inodes(const char* table, unsigned waiting_state, const std::string& wanted,
                                          unsigned port) {
  std::vector<unsigned long> inodes;
  const File file(std::fopen(table, "re"));
  if (!file) return inodes;
  Line line{};
  while (std::fgets(line.data(), static_cast<int>(line.size()), file.get()) != nullptr) {
    std::array<char, 33> address{};
    unsigned local_port = 0;
    unsigned state = 0;
    unsigned long inode = 0;
    const int fields = std::sscanf(line.data(), "%*u: %32[0-9A-F]:%X %*[0-9A-F]:%*X %X %*s %*s %*s %*u %*d %lu",
                                   address.data(), &local_port, &state, &inode);
    if (fields == 4 && state == waiting_state && local_port == port && stands_in_the_way(address.data(), wanted)) {
      inodes.push_back(inode);
    }
  }
  return inodes;
}

bool has_socket(const fs::path& process, const std::string& link) {
  std::error_code error;  // another user's process: we may not look
  for (fs::directory_iterator entry(process / "fd", error), end; !error && entry != end; entry.increment(error)) {
    std::error_code unreadable;
    if (fs::read_symlink(entry->path(), unreadable) == link) return true;
  }
  return false;
}

std::optional<pid_t> process_with_socket(unsigned long inode) {
  const std::string link = fmt::format("socket:[{}]", inode);
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename();
    pid_t pid = 0;
    const auto [stop, code] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (code != std::errc() || stop != name.data() + name.size()) continue;
    if (has_socket(entry->path(), link)) return pid;
  }
  return std::nullopt;
}

/// The likelier table first. The other family matters only where a wildcard serves both.
std::vector<const char*> tables_with_owners(const sockaddr_storage& wanted, const Tables& tables) {
  if (wanted.ss_family == AF_INET) return {tables.v4, tables.v6};
  if (is_wildcard(wanted)) return {tables.v6, tables.v4};
  return {tables.v6};
}

}  // namespace

std::optional<std::string> port_owner(const sockaddr_storage& wanted, Transport transport) {
  const Tables& tables = transport == Transport::tcp ? tcp_tables : udp_tables;
  const std::string address = proc_spelling(wanted);
  for (const char* table : tables_with_owners(wanted, tables)) {
    for (const unsigned long inode : waiting_inodes(table, tables.waiting_state, address, port_of(wanted))) {
      if (const auto pid = process_with_socket(inode)) return process_text(*pid);
    }
  }
  return std::nullopt;
}

std::string process_text(pid_t pid) {
  Line name{};
  if (const File file(std::fopen(fmt::format("/proc/{}/comm", pid).c_str(), "re")); file) {
    if (std::fgets(name.data(), static_cast<int>(name.size()), file.get()) != nullptr) {
      name[std::strcspn(name.data(), "\n")] = '\0';
    }
  }
  return fmt::format("{} (pid {})", name[0] != '\0' ? name.data() : "a process", pid);
}

}  // namespace hearth
