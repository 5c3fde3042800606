/// BlockingStream: a connection over TCP or a Unix socket that waits, but never beyond a deadline.
///
/// Layer: client-lib, private (POSIX sockets, no libuv).        Thread rule: one thread at a time.
/// Ownership: owns its socket and closes it when destroyed.
/// Errors: their texts begin with the place, so that a person sees which server it was.
/// ErrorKind::disconnected (nobody there, or gone), timeout, system (the kernel refused), malformed (no
/// such place can exist).
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <tl/expected.hpp>

#include <hearth/result.h>
#include <hearth/step_outcome.h>
#include <hearth/uri.h>

#include "client-lib/src/deadline.h"
#include "client-lib/src/socket.h"
#include "protocol/base/bytes.h"

namespace hearth {

/// Why there is no connection, also in the words of a diagnosis.
struct ConnectError : Error {
  StepOutcome outcome;
  std::string detail = {};  ///< what the kernel or the resolver said, where the outcome does not say it all
};

class BlockingStream {
 public:
  /// Connects to the location of the URI: its Unix socket, or the addresses of its host one after another,
  /// those of `preferred_ip_version` (4, 6; 0: none) first, which share the time.
  [[nodiscard]] static tl::expected<BlockingStream, ConnectError> connect(const Uri& uri, int preferred_ip_version,
                                                                          const Deadline& deadline);

  /// All of the bytes.
  [[nodiscard]] Result<void> write(BytesView bytes, const Deadline& deadline);

  /// Puts what has arrived into the buffer: how many bytes, at least one. The peer's orderly end is
  /// ErrorKind::disconnected too.
  [[nodiscard]] Result<std::size_t> read(std::span<char> buffer, const Deadline& deadline);

  void close() { socket_ = Socket(); }
  [[nodiscard]] bool is_open() const { return socket_.is_open(); }
  /// Neither has anything arrived that is not read yet, nor has the peer ended the connection.
  [[nodiscard]] bool is_idle() const;
  /// Waits until the peer ends the connection, and does not care what arrives before; false: not in time.
  [[nodiscard]] bool wait_for_end(const Deadline& deadline) const;

 private:
  BlockingStream(Socket socket, std::string place) : socket_(std::move(socket)), place_(std::move(place)) {}
  [[nodiscard]] static tl::expected<BlockingStream, ConnectError> connect_unix(const std::string& path,
                                                                               std::string place,
                                                                               const Deadline& deadline);

  Socket socket_;
  std::string place_;  ///< "host:port" or "./u:path", for texts
};

}  // namespace hearth
