/// TlsEngine: one TLS connection without its socket: the peer's bytes in, plaintext and our bytes out.
///
/// Layer: tls (base only; no socket, clock, thread or log).        Thread rule: one thread at a time.
/// Work: a function call decrypts or encrypts what it is given, or does one step of the handshake: with a certificate of RSA
/// that is about a millisecond. Memory: what it is given, at most one record of the peer (16 KiB), and OpenSSL's own state.
/// Errors: whatever the peer does ends in failure(); what the peer should be told about it is in take_output().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "protocol/base/bytes.h"
#include "protocol/tls/tls_context.h"
#include "protocol/tls/tls_failure.h"
#include "protocol/tls/tls_identity.h"

namespace hearth {

class TlsEngine {
 public:
  /// The server's side of a connection. `handshake_bytes_max`: more than that of the peer without a finished handshake fails.
  TlsEngine(std::shared_ptr<const TlsContext> server, std::size_t handshake_bytes_max);
  /// The client's side, whose first words are in take_output() at once. The server's certificate must be for `host`, a name or an
  /// address, as in Pyro. Sessions are resumed with the same host and port.
  TlsEngine(std::shared_ptr<const TlsContext> client, const std::string& host, std::uint16_t port,
            std::size_t handshake_bytes_max);
  ~TlsEngine();
  TlsEngine(TlsEngine&&) noexcept;
  TlsEngine& operator=(TlsEngine&&) noexcept;

  /// Takes what has come from the peer, and appends what that means to `plaintext`.
  void receive(BytesView ciphertext, Bytes& plaintext);
  /// The transport has ended: a failure, unless the peer has said goodbye before.
  void receive_end();

  /// Appends the encrypted bytes to the output. The handshake must be done.
  void send(BytesView plaintext);
  /// Says goodbye (close_notify): the last thing sent. Nothing is said before the handshake is done.
  void finish();

  /// What is to be sent to the peer; empty if nothing.
  [[nodiscard]] Bytes take_output();

  [[nodiscard]] bool is_handshake_done() const;
  /// The peer has said goodbye (close_notify): it sends no more.
  [[nodiscard]] bool has_peer_finished() const;
  /// Nothing is received or sent any more.
  [[nodiscard]] const std::optional<TlsFailure>& failure() const;

  /// A server's: who the client is. nullopt: it has shown no certificate, or none that we accept. Known once the handshake is done.
  [[nodiscard]] const std::optional<TlsIdentity>& peer_identity() const;
  /// A server that does not insist: what is wrong with the certificate that the client has shown; empty: nothing.
  [[nodiscard]] const std::string& ignored_certificate() const;
  [[nodiscard]] bool is_resumed() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hearth
