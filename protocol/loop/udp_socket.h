/// UdpSocket: datagrams in, datagrams out, on one bound UDP socket.
///
/// Layer: loop (base only).        Thread rule: loop thread.
/// Ownership: EXAMPLES.md section 7.3. It may be closed from inside its own callback, but not destroyed there.
/// A flood does not starve anybody: libuv 1.44 (src/unix/udp.c, uv__udp_recvmsg) reads at most 32 datagrams in a turn
/// of the loop; what does not fit into the kernel's buffer meanwhile is lost, as datagrams are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <hearth/result.h>

#include "protocol/base/bytes.h"
#include "protocol/loop/loop.h"

namespace hearth {

/// Valid during the callback only.
struct Datagram {
  BytesView bytes;
  bool is_truncated = false;  ///< there was more than the receiver wanted to read
  std::string host;           ///< who sent it, in numbers; an IPv4 sender is spelled as IPv4 whatever the socket is
  std::uint16_t port = 0;
};

class UdpSocket {
 public:
  /// Binds an IPv4 address, which may be given as a name (resolving it may block), and port; 0: any free one. The port
  /// is ours alone: neither an earlier nor a later socket shares it. Errors (ErrorKind::system) name host, port, cause
  /// and, if the port is in use, by whom.
  [[nodiscard]] static Result<UdpSocket> bind(Loop& loop, const std::string& host, std::uint16_t port);

  /// Takes over a bound UDP socket that another process has opened for us, IPv4 or IPv6. Owns the descriptor from the
  /// call on, also when it fails: not a UDP socket, not bound, connected.
  [[nodiscard]] static Result<UdpSocket> adopt(Loop& loop, int descriptor);

  UdpSocket(UdpSocket&& other) noexcept;
  UdpSocket& operator=(UdpSocket&& other) noexcept;
  ~UdpSocket();

  /// Without it the kernel refuses to send to a broadcast address, which a forged sender may have.
  void allow_broadcast();

  /// Begins to receive; of each datagram at most its first `bytes_max` bytes are read. Errors of receiving are logged,
  /// and receiving goes on.
  void start(std::size_t bytes_max, std::function<void(const Datagram&)> received);

  /// Hands the bytes to the kernel now or not at all: nothing waits, nothing is sent again. `host` is an address in
  /// numbers.
  /// Errors (ErrorKind::system): the kernel's buffer is full, no route, a firewall.
  [[nodiscard]] Result<void> send(BytesView bytes, const std::string& host, std::uint16_t port);

  void close();

  /// The address bound to, in numbers; port 0 became the real one.
  [[nodiscard]] const std::string& bound_host() const;
  [[nodiscard]] std::uint16_t bound_port() const;

 private:
  struct Impl;
  explicit UdpSocket(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace hearth
