/// ObjectHost: the connections of a Pyro daemon: accepts them, drives a ServerSession on each, keeps the limits, drains at the end.
///
/// Layer: host (rpc, loop).        Thread rule: loop thread.
/// No client can stop another: a peer that is silent before its handshake, stalls inside a frame, or takes no byte of its
/// reply is dropped at its own deadline (connection.h); a slow reader and an idle client after the handshake are never closed.
/// At connections_max the listeners pause: new connections wait in the kernel and everybody connected is served; the oldest
/// connection that has not shaken hands within stranger_grace_ms goes. One source has at most connections_per_source_max.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "protocol/loop/listener.h"
#include "protocol/loop/loop.h"
#include "protocol/rpc/server_session.h"

namespace hearth {

class ObjectHost {
 public:
  /// All of them must outlive the host, and every Responder that a call has left with an object must be gone before it.
  ObjectHost(Loop& loop, const SessionSettings& settings, const ObjectTable& objects);
  ~ObjectHost();
  ObjectHost(const ObjectHost&) = delete;
  ObjectHost& operator=(const ObjectHost&) = delete;

  /// Serves the connections of one more listener. Call once for each, before the loop runs.
  [[nodiscard]] Result<void> serve(std::unique_ptr<Listener> listener);

  /// Phase one of the end: the listeners are closed, no more requests are read; calls in flight go on and are answered.
  void stop_accepting();

  /// Phase two: sends what is unsent (at most Limits::shutdown_flush_ms), closes every connection, then calls `closed` on the
  /// loop thread: once, never from inside close(); it may destroy the host.
  void close(std::function<void()> closed);

  [[nodiscard]] std::size_t connections() const;

  /// The owner has changed the limits in the settings: listeners that wait for room look again. A lower connections_max closes
  /// nobody who has shaken hands: it holds for those who come; deadlines that are running stay.
  void limits_changed();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hearth
