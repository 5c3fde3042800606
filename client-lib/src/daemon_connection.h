/// DaemonConnection: a connection to one Pyro daemon that has shaken hands: a request goes out, its reply comes in. Blocking.
///
/// Layer: client-lib, private.        Thread rule: one thread at a time.
/// Ownership: owns its socket. Errors: after any error but `invalid` and `remote` it is closed.
#pragma once

#include <hearth/client_settings.h>
#include <hearth/object_metadata.h>

#include <memory>
#include <string>
#include <vector>

#include "client-lib/src/blocking_stream.h"
#include "client-lib/src/connect_failure.h"
#include "client-lib/src/deadline.h"
#include "protocol/rpc/client_session.h"

namespace hearth {

class DaemonConnection {
 public:
  /// Connects to the object of a `PYRO:` URI and shakes hands, in the dialect `first` or the other one.
  [[nodiscard]] static tl::expected<std::unique_ptr<DaemonConnection>, ConnectFailure> open(
      const Uri& uri, const ClientSettings& settings, Dialect first, const Deadline& deadline);

  /// Sends a call and waits for its reply; to a oneway call the reply is None, as soon as it is sent. It must be open.
  [[nodiscard]] ClientResult<Reply> exchange(CallValue call, InvokeOptions options, const Deadline& deadline);

  /// What it knows of the object stays.
  void close() { stream_.close(); }
  [[nodiscard]] bool is_open() const { return stream_.is_open(); }
  /// Open, and the server has neither closed it nor said anything since the last reply: fit for the next call.
  [[nodiscard]] bool is_idle() { return stream_.is_open() && stream_.is_idle(); }
  /// Waits until it is closed, by the server that is; false: not in time.
  [[nodiscard]] bool wait_for_end(const Deadline& deadline) const {
    return !stream_.is_open() || stream_.wait_for_end(deadline);
  }

  [[nodiscard]] Dialect dialect() const { return dialect_; }
  [[nodiscard]] const ObjectMetadata& metadata() const { return metadata_; }
  [[nodiscard]] const Value& handshake_answer() const { return handshake_answer_; }
  /// Of the last reply.
  [[nodiscard]] const std::vector<Annotation>& annotations() const { return session_.annotations(); }

  /// For open() only.
  DaemonConnection(const Uri& uri, const ClientSettings& settings, Dialect dialect, BlockingStream stream);

 private:
  enum class Greeting : unsigned char { accepted, other_dialect };

  /// `dialect` is a guess, which the greeting shows right or wrong.
  [[nodiscard]] static tl::expected<std::unique_ptr<DaemonConnection>, ConnectFailure> open_in(
      Dialect dialect, const Uri& uri, const ClientSettings& settings, const Deadline& deadline);
  [[nodiscard]] tl::expected<Greeting, ConnectFailure> greet(const Uri& uri, const ClientSettings& settings,
                                                             const Deadline& deadline);
  /// A request and its reply. Puts the first bytes that come into `heard`, if there is one.
  [[nodiscard]] Result<Reply> ask(BytesView request, const Deadline& deadline, std::string* heard);

  const std::string place_;
  const Dialect dialect_;
  BlockingStream stream_;
  ClientSession session_;
  ObjectMetadata metadata_;
  Value handshake_answer_;
};

}  // namespace hearth
