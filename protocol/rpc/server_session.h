/// ServerSession: one connection of a Pyro daemon, without its socket: bytes in, bytes out, calls to the objects.
///
/// Layer: rpc (no socket, clock, thread or log).        Thread rule: one thread, the one that also answers late calls.
/// Order: one call is in flight at a time; what the peer pipelines waits in the framer, so calls of one connection take effect
/// in the order sent, oneway calls included.
/// Work: one call, or one piece of a long one, for each resume(); the host decides how many make a turn. A reply that grows beyond Limits::large_reply_bytes_min needs a place among
/// the LargeReplies: without one its call is dropped and starts again when the place is there.
/// Errors: whatever the peer does ends in an answer or in wants_close(), as PYRO.md section 2 says.
#pragma once

#include <cstdint>
#include <memory>

#include "protocol/base/bytes.h"
#include "protocol/rpc/call.h"
#include "protocol/rpc/large_replies.h"
#include "protocol/rpc/object_table.h"
#include "protocol/rpc/session_settings.h"

namespace hearth {

class ServerSession {
 public:
  /// Late answers reach the session through `late_replies`, whose owner calls answer(). All must live until close().
  ServerSession(const SessionSettings& settings, const ObjectTable& objects, ReplySink& late_replies,
                LargeReplies& large_replies, Peer peer);
  ~ServerSession();
  ServerSession(const ServerSession&) = delete;
  ServerSession& operator=(const ServerSession&) = delete;

  /// Who the peer is by its TLS certificate (Peer::tls_subject); to be told before it is listened to.
  void identify(std::string tls_subject, std::string tls_common_name);

  /// Takes bytes from the peer and does what they ask for. Afterwards look at take_output() and wants_close().
  void receive(BytesView bytes);

  /// Goes on with what receive() left undone: it does one call a turn (has_more_to_do()), and starts none while the output holds
  /// Limits::write_queue_bytes_max (take it first).
  void resume();

  /// Starts no call any more; those in flight are answered, with an error if they wait for a place. For a server that is stopping.
  void stop();

  /// The peer has gone: gives back what the session shares with others; it does nothing any more.
  void close();

  /// The result of a call that an object had put off. Numbers of calls that nobody waits for are ignored.
  void answer(std::uint64_t call_number, CallResult result);

  /// What is to be sent to the peer, in blocks of reply_block_bytes or a little more.
  [[nodiscard]] bool has_output() const;
  /// The next block; empty if there is none.
  [[nodiscard]] Bytes take_output();

  /// The connection is to be closed once the output has been sent; nothing more is read from it.
  [[nodiscard]] bool wants_close() const;

  /// A call is in flight: read no more from the peer until it is answered (that is the backpressure).
  [[nodiscard]] bool is_waiting() const;

  /// Bytes or calls are left for another turn: call resume() after everybody else has had one. While is_waiting() as well, it is
  /// the call in flight that wants it, whether the output has been taken or not.
  [[nodiscard]] bool has_more_to_do() const;

  [[nodiscard]] bool is_handshake_done() const;

  /// So many calls have begun, those of batches included.
  [[nodiscard]] std::uint64_t calls() const;

  /// A message has begun and is not complete: the peer owes us bytes.
  [[nodiscard]] bool is_inside_frame() const;

  [[nodiscard]] const Peer& peer() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hearth
