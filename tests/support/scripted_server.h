/// RawListener: a listening socket with plain POSIX calls; ScriptedServer: one that treats each connection as a test says.
///
/// Thread rule: a RawListener is for one thread at a time; a ScriptedServer runs its script on a thread of its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "tests/support/socket_peer.h"

namespace hearth {

class RawListener {
 public:
  /// On loopback. With a backlog of 0 the kernel lets one connection wait and ignores others.
  explicit RawListener(int backlog = 64);
  /// On a Unix socket.
  explicit RawListener(const std::string& path, int backlog = 64);
  ~RawListener();
  RawListener(const RawListener&) = delete;
  RawListener& operator=(const RawListener&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// The next connection; nullopt after stop().
  [[nodiscard]] std::optional<SocketPeer> accept();
  /// Any thread: ends accept(), and refuses connections from now on.
  void stop();

 private:
  int descriptor_;
  std::uint16_t port_ = 0;
};

class ScriptedServer {
 public:
  /// `script` gets each connection and its number, from 0; what it does not keep is closed when it returns.
  using Script = std::function<void(SocketPeer& peer, int number)>;

  explicit ScriptedServer(Script script);
  ScriptedServer(const std::string& path, Script script);
  ~ScriptedServer();

  [[nodiscard]] std::uint16_t port() const { return listener_.port(); }
  [[nodiscard]] int connections() const { return connections_; }

 private:
  void run(const Script& script);

  RawListener listener_;
  std::atomic<int> connections_ = 0;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace hearth
