/// Stream: one connection over TCP, with or without TLS, or over a Unix socket. Listeners (listener.h) make them.
///
/// Layer: loop (base only).        Thread rule: loop thread.
/// Ownership: an owner that may be inside one of its callbacks destroys the Stream through Loop::retire(); after close() no
/// callback comes any more. Data handed to write() is owned by the request until libuv is done with it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <hearth/result.h>

#include "protocol/base/bytes.h"
#include "protocol/loop/loop.h"
#include "protocol/tls/tls_identity.h"

namespace hearth {

class StreamEvents {
 public:
  virtual ~StreamEvents() = default;
  /// `bytes` are valid during the call only.
  virtual void on_bytes(BytesView bytes) = 0;
  /// The peer has finished sending, or the connection broke (`error` then says how): at most once each, in this order; after
  /// an error nothing else comes. May come while reading is paused.
  /// An error of another kind than `disconnected` is a peer that the stream itself has refused and told so (TLS): what it still
  /// sends is thrown away, and only its end may follow.
  virtual void on_end(const std::optional<Error>& error) = 0;
  /// The kernel has taken everything, after it had not at some write(). Not called for a write() that succeeds at once:
  /// there unsent_bytes() is 0 on return.
  virtual void on_drained() = 0;
};

class Stream {
 public:
  virtual ~Stream() = default;

  /// Events go to `events` until close(); it must outlive that.
  virtual void start(StreamEvents& events) = 0;
  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;

  /// Queues the bytes; tries to hand them to the kernel at once. A failure is reported as on_end(), later.
  virtual void write(Bytes bytes) = 0;
  /// Bytes that the kernel has not taken yet.
  [[nodiscard]] virtual std::size_t unsent_bytes() const = 0;
  /// Grows whenever the peer's machine takes something of what was written, however large the kernel's own buffer is. Only the
  /// difference of two looks means anything. Costs a system call.
  [[nodiscard]] virtual std::int64_t taken_by_peer() const = 0;

  /// No more writes: the peer sees the end after what was written (half close).
  virtual void finish_writing() = 0;
  /// Drops the connection; no callback from now on.
  virtual void close() = 0;

  /// "192.0.2.7:50123", "[2001:db8::7]:50123" or "unix socket".
  [[nodiscard]] virtual std::string peer_address() const = 0;
  /// The peer's user id on a Unix socket.
  [[nodiscard]] virtual std::optional<std::uint32_t> peer_uid() const = 0;
  /// Who the peer is by a TLS certificate that we trust; known from the first on_bytes() on.
  [[nodiscard]] virtual std::optional<TlsIdentity> tls_identity() const = 0;
};

}  // namespace hearth
