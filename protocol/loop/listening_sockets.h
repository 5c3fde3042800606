/// ListeningSockets: who listens on this machine at one moment, by the inodes of the sockets.
///
/// Layer: loop (base only).        Thread rule: plain value.
/// What it is for: something accepts our connection and says nothing. The socket that accepted tells whether that is still the
/// program that answered before, busy, or another one that has taken its port since.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace hearth {

/// Of the sockets that listen at one place: usually one, several with SO_REUSEPORT, none if nobody of this machine does (or
/// in another network namespace, where we cannot look).
using SocketInodes = std::vector<std::uint64_t>;

/// Whether a socket is in both.
[[nodiscard]] bool have_common_socket(const SocketInodes& one, const SocketInodes& other);

class ListeningSockets {
 public:
  /// Reads /proc/self/net and asks for the addresses of this machine. Does not block, takes a microsecond or two a socket.
  [[nodiscard]] static ListeningSockets now();

  /// `place` is "127.0.0.1:9090", "[::1]:9090" or "./u:/run/x.sock": an address in numbers, or a path as its owner spelled it.
  [[nodiscard]] SocketInodes at(std::string_view place) const;

  void add_tcp(std::string host, std::uint16_t port, std::uint64_t inode);
  void add_unix(const std::string& path, std::uint64_t inode);
  /// An address of this machine, in numbers: those of 127.0.0.0/8 and ::1 are known. Sockets that listen on every address
  /// count only for these.
  void add_address(std::string host);

 private:
  struct Listener {
    std::string host;
    std::uint64_t inode;
  };

  [[nodiscard]] bool is_ours(std::string_view host) const;

  std::unordered_map<std::uint16_t, std::vector<Listener>> by_port_;
  std::unordered_map<std::string, SocketInodes> by_path_;
  std::unordered_set<std::string> addresses_;
};

}  // namespace hearth
