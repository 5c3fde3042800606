/// Framer: turns a byte stream into whole messages, for either dialect.
///
/// Layer: wire.        Thread rule: none, plain object.
/// Ownership: append() copies; a returned Message owns its bytes.
/// Errors: sticky; a stream that lost sync cannot be resynchronised.
/// Limits: an announced size above `message_bytes_max` is refused at the header, before anything is buffered for it.
#pragma once

#include <cstdint>
#include <optional>

#include <hearth/result.h>

#include "protocol/base/bytes.h"
#include "protocol/wire/message.h"

namespace hearth {

class Framer {
 public:
  explicit Framer(std::uint32_t message_bytes_max) : message_bytes_max_(message_bytes_max) {}

  /// For the messages whose headers next() has not read yet.
  void set_message_bytes_max(std::uint32_t message_bytes_max) { message_bytes_max_ = message_bytes_max; }

  void append(BytesView bytes);

  /// nullopt: needs more bytes. After an error it gives the same error for ever; the caller must close.
  [[nodiscard]] Result<std::optional<Message>> next();

  /// The peer's dialect, once six bytes have arrived; what is neither's counts as Pyro5.
  [[nodiscard]] std::optional<Dialect> dialect() const { return dialect_; }

  /// The header of the message that next() is waiting for or has refused for its size.
  [[nodiscard]] const std::optional<Header>& pending_header() const { return header_; }

  /// Bytes of an incomplete message are waiting.
  [[nodiscard]] bool is_inside_frame() const { return !error_ && !unread().empty(); }

 private:
  [[nodiscard]] BytesView unread() const { return BytesView(buffer_).substr(consumed_); }
  void consume(std::size_t count);
  [[nodiscard]] Result<bool> read_header();
  [[nodiscard]] tl::unexpected<Error> poison(Error error);

  std::uint32_t message_bytes_max_;
  Bytes buffer_;
  std::size_t consumed_ = 0;  ///< bytes at the front of buffer_ that are done with
  std::optional<Dialect> dialect_;
  std::optional<Header> header_;
  std::optional<Error> error_;
};

}  // namespace hearth
