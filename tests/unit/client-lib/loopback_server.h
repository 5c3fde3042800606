/// LoopbackServer: a listening socket whose connections are handled by the test's own words, one after the
/// other, on a thread.
///
/// A handler ends when it wants to; the connection closes then. Whoever waits for a peer that never comes
/// gives up after a long while, so that a test fails instead of hanging.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <hearth/uri.h>

#include "protocol/base/check.h"

namespace hearth::test {

/// The server's end of one connection.
class LoopbackPeer {
 public:
  explicit LoopbackPeer(int descriptor) : descriptor_(descriptor) {}

  /// What has arrived; empty at the end of the connection.
  [[nodiscard]] std::string receive() const {
    char buffer[65536];
    const ssize_t received = ::recv(descriptor_, buffer, sizeof buffer, 0);
    return received > 0 ? std::string(buffer, static_cast<std::size_t>(received)) : std::string();
  }
  void send(std::string_view bytes) const {
    static_cast<void>(::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
  }
  /// Reads and forgets until the client has gone.
  void wait_for_end() const {
    while (!receive().empty()) continue;
  }

 private:
  int descriptor_;
};

class LoopbackServer {
 public:
  using Handler = std::function<void(LoopbackPeer&)>;

  /// On 127.0.0.1; a handler for each connection that comes. Without handlers it does not even listen:
  /// connecting is refused.
  explicit LoopbackServer(std::vector<Handler> handlers) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    open(AF_INET, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    socklen_t size = sizeof address;
    HEARTH_CHECK(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    uri_.host = "127.0.0.1";
    uri_.port = static_cast<int>(ntohs(address.sin_port));
    start(std::move(handlers));
  }

  LoopbackServer(const std::string& path, std::vector<Handler> handlers) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size());
    open(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    uri_.socket_path = path;
    start(std::move(handlers));
  }

  ~LoopbackServer() {
    if (thread_.joinable()) thread_.join();
    ::close(listener_);
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  [[nodiscard]] Uri uri(const std::string& object = "Pyro.NameServer") const {
    Uri uri = uri_;
    uri.protocol = "PYRO";
    uri.object = object;
    return uri;
  }
  [[nodiscard]] std::uint16_t port() const { return uri_.tcp_port().value(); }
  [[nodiscard]] std::string place() const { return uri().location().value(); }

 private:
  static constexpr int safety_ms = 60000;

  void open(int family, const sockaddr* address, socklen_t size) {
    listener_ = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    HEARTH_CHECK(listener_ >= 0 && ::bind(listener_, address, size) == 0);
  }

  void start(std::vector<Handler> handlers) {
    if (handlers.empty()) return;
    HEARTH_CHECK(::listen(listener_, 16) == 0);
    thread_ = std::thread([this, scripts = std::move(handlers)] {
      for (const Handler& handler : scripts) serve(handler);
    });
  }

  void serve(const Handler& handler) const {
    pollfd entry{listener_, POLLIN, 0};
    if (::poll(&entry, 1, safety_ms) <= 0) return;
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) return;
    const timeval safety{safety_ms / 1000, 0};
    static_cast<void>(::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &safety, sizeof safety));
    LoopbackPeer peer(descriptor);
    handler(peer);
    ::close(descriptor);
  }

  int listener_ = -1;
  Uri uri_;
  std::thread thread_;
};

}  // namespace hearth::test
