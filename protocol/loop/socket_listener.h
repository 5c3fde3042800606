/// SocketListener: a Listener over a listening socket of either family. Private to protocol/loop.
///
/// Layer: loop.        Thread rule: loop thread.
/// It polls the socket and calls accept() itself instead of using uv_listen(), because libuv 1.44 (src/unix/stream.c,
/// uv__server_io) does three things that a server under load cannot have: out of descriptors it accepts and drops whoever
/// waits, or calls back for ever without a pause; it takes one connection beyond a pause; and closing its pipe handle
/// unlinks the path, whosever file that is by then.
#pragma once

#include <sys/socket.h>

#include <functional>
#include <memory>
#include <string>

#include "protocol/base/throttle.h"
#include "protocol/loop/file_descriptor.h"
#include "protocol/loop/handle.h"
#include "protocol/loop/listener.h"
#include "protocol/loop/timer.h"

namespace hearth {

/// Where a socket listens, in the words of Listener.
struct BoundPlace {
  std::string host;
  std::uint16_t port = 0;
  bool serves_ipv4 = false;
};

class SocketListener final : public Listener {
 public:
  /// `closed` runs once, when the socket has been closed.
  SocketListener(Loop& loop, FileDescriptor socket, BoundPlace place, std::function<void()> closed = {});
  ~SocketListener() override;

  Result<void> start(std::function<void(std::unique_ptr<Stream>)> accepted) override;
  void pause_accepting() override;
  void resume_accepting() override;
  void close() override;
  [[nodiscard]] std::string bound_host() const override { return place_.host; }
  [[nodiscard]] std::uint16_t bound_port() const override { return place_.port; }
  [[nodiscard]] bool serves_ipv4() const override { return place_.serves_ipv4; }

 private:
  [[nodiscard]] bool is_accepting() const;
  void update_polling();
  void accept_waiting();
  void rest(int error_number);

  Loop& loop_;
  FileDescriptor socket_;
  BoundPlace place_;
  std::function<void()> closed_;
  std::function<void(std::unique_ptr<Stream>)> accepted_;
  Handle<uv_poll_t> poll_;
  Timer rest_timer_;
  LogThrottle throttle_;
  bool paused_ = false;
  bool resting_ = false;
};

/// Makes the socket listen with the longest queue the kernel allows. 0 or an error number.
[[nodiscard]] int start_listening(const FileDescriptor& socket);

[[nodiscard]] sockaddr_storage bound_address(const FileDescriptor& socket);

/// Of a TCP socket that listens.
[[nodiscard]] std::unique_ptr<Listener> tcp_listener(Loop& loop, FileDescriptor socket);

}  // namespace hearth
