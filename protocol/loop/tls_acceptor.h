/// TlsAcceptor: makes listeners whose connections speak TLS.
///
/// Layer: loop (base, tls).        Thread rule: loop thread.
/// Ownership: must outlive the listeners made with it; `limits`, the streams too.
/// A handshake costs nobody else: steps take turns (Limits::tls_handshakes_per_turn_max), and whoever owns the stream may close it
/// at its own deadline. Streams of a client that shows no trusted certificate are given out all the same, unless the context
/// requires one.
#pragma once

#include <functional>
#include <memory>

#include "protocol/base/limits.h"
#include "protocol/loop/listener.h"
#include "protocol/loop/loop.h"
#include "protocol/tls/tls_context.h"

namespace hearth {

class TlsAcceptor {
 public:
  /// What to say, unencrypted, to somebody whose first bytes are not TLS, before the connection ends; empty: nothing.
  using PlainAnswer = std::function<Bytes(BytesView first_bytes)>;

  /// `limits` may change while connections come.
  TlsAcceptor(Loop& loop, const Limits& limits, std::shared_ptr<const TlsContext> context, PlainAnswer plain_answer);
  ~TlsAcceptor();
  TlsAcceptor(const TlsAcceptor&) = delete;
  TlsAcceptor& operator=(const TlsAcceptor&) = delete;

  /// For connections that come from now on.
  void set_context(std::shared_ptr<const TlsContext> context);

  /// The same listener, with TLS.
  [[nodiscard]] std::unique_ptr<Listener> secure(std::unique_ptr<Listener> listener);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hearth
