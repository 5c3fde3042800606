/// ServerSession: one connection of a Pyro daemon, without its socket: bytes in, bytes out, calls to the objects.
///
/// Layer: rpc (no socket, clock, thread or log).        Thread rule: one thread, the one that also answers late calls.
/// Order: one call is in flight at a time; what the peer pipelines waits in the framer, so calls of one connection take effect
/// in the order sent, oneway calls included.
/// Errors: whatever the peer does ends in an answer or in wants_close(), as PYRO.md section 2 says.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <hearth/serializer_name.h>

#include "protocol/base/bytes.h"
#include "protocol/base/limits.h"
#include "protocol/rpc/call.h"
#include "protocol/rpc/message_observer.h"
#include "protocol/rpc/object_table.h"

namespace hearth {

/// What all sessions of a daemon share; must outlive them. Sessions look at `limits` and `observer` whenever they need them: the
/// owner may change those two while no function of a session is running. The rest is constant.
struct SessionSettings {
  Limits limits;
  std::vector<SerializerName> accepted_serializers{SerializerName::serpent, SerializerName::json,
                                                   SerializerName::marshal, SerializerName::msgpack};
  bool compress_replies = false;  ///< PYRO_COMPRESSION: payloads of 200 bytes and more, where it makes them smaller
  std::string hmac_key;           ///< empty: no HMAC. Set: Pyro5 clients, which cannot sign, are refused
  MessageObserver* observer = nullptr;  ///< is shown every message; nullptr: nobody, at no cost
};

class ServerSession {
 public:
  /// Late answers reach the session through `late_replies`, whose owner calls answer().
  ServerSession(const SessionSettings& settings, const ObjectTable& objects, ReplySink& late_replies, Peer peer);
  ~ServerSession();
  ServerSession(const ServerSession&) = delete;
  ServerSession& operator=(const ServerSession&) = delete;

  /// Takes bytes from the peer and does what they ask for. Afterwards look at take_output() and wants_close().
  void receive(BytesView bytes);

  /// Goes on with what receive() left undone: it does one call a turn (has_more_to_do()), and none while the output holds
  /// Limits::write_queue_bytes_max (take it first).
  void resume();

  /// Starts no call any more; those in flight are answered. For a server that is stopping.
  void stop();

  /// The result of a call that an object had put off. Numbers of calls that nobody waits for are ignored.
  void answer(std::uint64_t call_number, CallResult result);

  /// What is to be sent to the peer; empty if nothing.
  [[nodiscard]] Bytes take_output();

  /// The connection is to be closed once the output has been sent; nothing more is read from it.
  [[nodiscard]] bool wants_close() const;

  /// A call is in flight: read no more from the peer until it is answered (that is the backpressure).
  [[nodiscard]] bool is_waiting() const;

  /// Bytes or calls are left for another turn: call resume() after everybody else has had one.
  [[nodiscard]] bool has_more_to_do() const;

  [[nodiscard]] bool is_handshake_done() const;

  /// A message has begun and is not complete: the peer owes us bytes.
  [[nodiscard]] bool is_inside_frame() const;

  [[nodiscard]] const Peer& peer() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hearth
