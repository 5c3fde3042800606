/// BlockingStream: a connection over TCP, with TLS if wanted, or a Unix socket, that waits, but never beyond a deadline.
///
/// Layer: client-lib, private (POSIX sockets, no libuv).        Thread rule: one thread at a time.
/// Ownership: owns its socket and closes it when destroyed.
/// Errors: their texts begin with the place, so that a person sees which server it was.
/// ErrorKind::disconnected (nobody there, or gone), timeout, system (the kernel refused), malformed (no
/// such place can exist), unsupported (TLS does not come about: tls_failure() tells more).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tl/expected.hpp>

#include <hearth/result.h>
#include <hearth/step_outcome.h>
#include <hearth/uri.h>

#include "client-lib/src/deadline.h"
#include "client-lib/src/socket.h"
#include "protocol/base/bytes.h"
#include "protocol/tls/tls_engine.h"

namespace hearth {

/// Why there is no connection, also in the words of a diagnosis.
struct ConnectError : Error {
  StepOutcome outcome;
  std::string detail = {};  ///< what the kernel or the resolver said, where the outcome does not say it all
};

class BlockingStream {
 public:
  /// Connects to the location of the URI: its Unix socket, or the addresses of its host one after another,
  /// those of `preferred_ip_version` (4, 6; 0: none) first, which share the time. Over TCP with `tls`, unless it is nullptr.
  [[nodiscard]] static tl::expected<BlockingStream, ConnectError> connect(
      const Uri& uri, int preferred_ip_version, const Deadline& deadline,
      const std::shared_ptr<const TlsContext>& tls = nullptr);

  ~BlockingStream() { close(); }
  BlockingStream(BlockingStream&&) = default;
  BlockingStream& operator=(BlockingStream&&) = delete;

  /// All of the bytes.
  [[nodiscard]] Result<void> write(BytesView bytes, const Deadline& deadline);

  /// Puts what has arrived into the buffer: how many bytes, at least one. The peer's orderly end is
  /// ErrorKind::disconnected too.
  [[nodiscard]] Result<std::size_t> read(std::span<char> buffer, const Deadline& deadline);

  /// Over TLS with a goodbye, if the kernel takes it at once: it keeps the session fit to be resumed.
  void close();
  [[nodiscard]] bool is_open() const { return socket_.is_open(); }
  /// Neither has anything arrived that is not read yet, nor has the peer ended the connection. What TLS itself has to say (tickets,
  /// new keys) is taken in.
  [[nodiscard]] bool is_idle();
  /// Waits until the peer ends the connection, and does not care what arrives before; false: not in time.
  [[nodiscard]] bool wait_for_end(const Deadline& deadline) const;

  /// What TLS has against the peer, or the peer against us: it may come to light long after the connection was made.
  [[nodiscard]] std::optional<TlsFailure> tls_failure() const;

 private:
  BlockingStream(Socket socket, std::string place) : socket_(std::move(socket)), place_(std::move(place)) {}
  [[nodiscard]] static tl::expected<BlockingStream, ConnectError> connect_unix(const std::string& path,
                                                                               std::string place,
                                                                               const Deadline& deadline);
  [[nodiscard]] tl::expected<void, ConnectError> secure(const Uri& uri,
                                                        const std::shared_ptr<const TlsContext>& context,
                                                        const Deadline& deadline);
  [[nodiscard]] Result<void> shake_hands(const Deadline& deadline);
  [[nodiscard]] Result<void> flush_tls(const Deadline& deadline);
  [[nodiscard]] Result<void> receive_tls(const Deadline& deadline);
  [[nodiscard]] Result<std::size_t> read_tls(std::span<char> buffer, const Deadline& deadline);
  [[nodiscard]] bool is_tls_idle();
  [[nodiscard]] Result<void> write_socket(BytesView bytes, const Deadline& deadline);
  [[nodiscard]] Result<std::size_t> read_socket(std::span<char> buffer, const Deadline& deadline);
  [[nodiscard]] tl::unexpected<Error> tls_error() const;

  Socket socket_;
  std::string place_;  ///< "host:port" or "./u:path", for texts
  std::optional<TlsEngine> tls_;
  Bytes decrypted_;             ///< what read() has not handed out yet is at its end
  std::size_t handed_out_ = 0;  ///< of it
};

}  // namespace hearth
