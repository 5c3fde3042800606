#include "protocol/loop/port_owner.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "protocol/loop/proc_net.h"
#include "protocol/loop/socket_address.h"

namespace hearth {
namespace {

namespace fs = std::filesystem;

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

using Line = std::array<char, 64>;  // of /proc/PID/comm, which has at most 15

bool is_every_address(const std::string& host) { return host == "0.0.0.0" || host == "::"; }

/// The other family matters only where "::" serves both.
bool stands_in_the_way(const WaitingSocket& other, const sockaddr_storage& wanted) {
  const std::string host = numeric_host(wanted);
  if (wanted.ss_family == AF_INET6 && !other.is_ipv6 && !is_every_address(host)) return false;
  return other.host == host || is_every_address(other.host) || is_every_address(host);
}

bool has_socket(const fs::path& process, const std::string& link) {
  std::error_code error;  // another user's process: we may not look
  for (fs::directory_iterator entry(process / "fd", error), end; !error && entry != end; entry.increment(error)) {
    std::error_code unreadable;
    if (fs::read_symlink(entry->path(), unreadable) == link) return true;
  }
  return false;
}

std::optional<pid_t> process_with_socket(std::uint64_t inode) {
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

}  // namespace

std::optional<std::string> port_owner(const sockaddr_storage& wanted, Transport transport) {
  for (const WaitingSocket& socket : waiting_sockets(transport)) {
    if (socket.port != port_of(wanted) || !stands_in_the_way(socket, wanted)) continue;
    if (const auto pid = process_with_socket(socket.inode)) return process_text(*pid);
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
