/// SocketPeer: the other end of a connection, with plain blocking POSIX calls; and how to run it beside a loop.
///
/// Thread rule: one thread at a time, usually the one that run_beside() starts.
/// A call that waits for a peer that does not answer gives up after a long while, so that a test fails instead of hanging.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "protocol/loop/loop.h"

namespace hearth {

class SocketPeer {
 public:
  /// Not connected yet: takes a descriptor, nothing else.
  static SocketPeer tcp();
  static SocketPeer unix_socket();
  static SocketPeer connected_to(std::uint16_t port);
  static SocketPeer connected_to(const std::string& path);

  /// Takes over a connected socket.
  static SocketPeer owning(int descriptor) { return SocketPeer(descriptor); }

  SocketPeer(SocketPeer&& other) noexcept;
  ~SocketPeer();

  /// True on success, for all three.
  bool connect(std::uint16_t port, const std::string& host = "127.0.0.1");
  bool connect(const std::string& path);
  bool send(std::string_view bytes);

  /// As much as comes before `bytes` are there or the peer ends.
  std::string receive(std::size_t bytes);
  std::string receive_until_end();
  /// What is there, after waiting for something; empty at the end.
  std::string receive_some();
  /// Whether the next thing that comes is an orderly end.
  bool sees_end();

  void finish_writing();
  void close();
  /// Closes without ceremony: the other side gets a reset.
  void reset();

  [[nodiscard]] std::string local_address() const;

 private:
  explicit SocketPeer(int descriptor);
  long read_some(char* into, std::size_t bytes);

  int descriptor_;
};

/// Runs `script` on a thread of its own and the loop on this one, until the script is done.
void run_beside(Loop& loop, const std::function<void()>& script);

/// Runs the loop until `done` holds, looking after every stop() and every millisecond.
void run_until(Loop& loop, const std::function<bool()>& done);

/// Lets the loop look at its sockets once or twice: what was ready before the call has been seen after it.
void run_some_turns(Loop& loop);

/// Bytes in which every position can be told from its neighbours.
[[nodiscard]] std::string pattern_bytes(std::size_t count);

}  // namespace hearth
