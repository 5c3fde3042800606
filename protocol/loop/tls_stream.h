/// A Stream that speaks TLS over another one.
///
/// Layer: loop (base, tls).        Thread rule: loop thread.
/// Ownership: owns the stream below, which has not been started.
/// Written bytes are encrypted in slices, as the kernel takes them: a long reply is not held twice, and no turn encrypts more
/// than a slice of it.
/// Errors, beside those of the stream below: ErrorKind::unsupported: the peer speaks no TLS, or none that we do;
/// ErrorKind::malformed: a certificate was refused, by us or by the peer, or the rules of TLS were broken. Texts name the
/// certificate and say what to do; they follow the peer's address and a colon.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "protocol/base/throttle.h"
#include "protocol/loop/handshake_turns.h"
#include "protocol/loop/stream.h"
#include "protocol/loop/tls_acceptor.h"
#include "protocol/tls/tls_context.h"

namespace hearth {

/// The client's side. What is written before the handshake is done waits for it. That the server ends without TLS's goodbye is an
/// error (ErrorKind::disconnected).
/// The system's CAs are looked for on the disk when the certificate has come.
/// `host` and `port` are what was asked for: the certificate must be for that host, and a session with the same two is resumed.
[[nodiscard]] std::unique_ptr<Stream> tls_client_stream(std::unique_ptr<Stream> connected,
                                                        std::shared_ptr<const TlsContext> context,
                                                        const std::string& host, std::uint16_t port);

/// What the streams of one acceptor share. It lives as long as they do: the loop may bury them after the acceptor.
struct TlsServing {
  TlsServing(Loop& on, const Limits& with, TlsAcceptor::PlainAnswer answer)
      : loop(on), limits(with), turns(on, with), plain_answer(std::move(answer)) {}

  Loop& loop;
  const Limits& limits;
  HandshakeTurns turns;
  TlsAcceptor::PlainAnswer plain_answer;
  LogThrottle ignored_certificates;
};

/// The server's side; for TlsAcceptor. A missing goodbye counts as the peer's orderly end once the handshake is done: Python's ssl
/// module never says it, and a message that is cut is noticed by its length.
[[nodiscard]] std::unique_ptr<Stream> tls_server_stream(std::unique_ptr<Stream> accepted,
                                                        std::shared_ptr<const TlsContext> context,
                                                        std::shared_ptr<TlsServing> serving);

}  // namespace hearth
