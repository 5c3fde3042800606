/// UdpPeer: the other end of UDP, with plain blocking POSIX calls.
///
/// Thread rule: one thread at a time, usually the one that run_beside() (socket_peer.h) starts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hearth {

class UdpPeer {
 public:
  /// Bound to that address, at a port that the kernel chose.
  explicit UdpPeer(const std::string& host = "127.0.0.1");
  ~UdpPeer();
  UdpPeer(const UdpPeer&) = delete;
  UdpPeer& operator=(const UdpPeer&) = delete;

  void send(std::string_view bytes, std::uint16_t port, const std::string& host = "127.0.0.1") const;

  struct Received {
    std::string bytes;
    std::uint16_t port = 0;  ///< of the sender
  };
  /// The next datagram; fails the test if none comes for a long while.
  [[nodiscard]] Received receive() const;
  /// What is there already; nullopt: nothing.
  [[nodiscard]] std::optional<Received> receive_if_there() const;

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  [[nodiscard]] std::optional<Received> receive_with(int flags) const;

  int descriptor_;
  std::uint16_t port_ = 0;
};

}  // namespace hearth
