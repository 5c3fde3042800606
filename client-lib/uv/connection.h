/// Connection: one connection to a Pyro object: makes it, greets the server in the dialect that it turns out to speak, then carries
/// calls, any number at a time.
///
/// Layer: client-lib/uv, private (rpc, loop).        Thread rule: the thread of the loop.
/// Ownership: the owner is told from the loop only, and may close and retire it (Engine::retire) then, but not destroy it: it may be
/// inside one of the connection's functions. Closed, it tells nothing any more.
/// With ClientSettings::tls the greeting waits for the TLS handshake, within the same time; not on Unix sockets.
/// Answers come in the order of the calls. Requests are collected until flush(): a hundred cost one system call.
#pragma once

#include <hearth/client_settings.h>
#include <hearth/object_metadata.h>
#include <hearth/uri.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client-lib/src/dialect_probe.h"
#include "client-lib/uv/call.h"
#include "client-lib/uv/engine.h"
#include "protocol/loop/connector.h"
#include "protocol/loop/timer.h"
#include "protocol/rpc/client_session.h"

namespace hearth::uv {

class Connection final : private StreamEvents {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    /// It has shaken hands.
    virtual void on_ready(Connection& connection) = 0;
    virtual void on_answer(Connection& connection, Call& call, Reply reply) = 0;
    /// All answers that have come so far have been told.
    virtual void on_read(Connection& connection) = 0;
    /// It could not be made, or has been lost; it is closed. Calls that are not answered are still there.
    virtual void on_over(Connection& connection, ClientError error) = 0;
  };

  /// Begins to connect to a `PYRO:` URI, which must name a location. `number` is the owner's.
  Connection(Engine& engine, Owner& owner, std::uint64_t number, Uri uri, SharedSettings settings, Dialect first);

  void close();

  /// unsendable() if it cannot be sent; then nothing has happened. To a oneway call there will be no answer.
  [[nodiscard]] ClientResult<void> send(const std::shared_ptr<Call>& call, CallValue value, InvokeOptions options);
  void flush();

  /// It takes no more calls, and is not wanted any more when those that it has are answered.
  void leave() { is_leaving_ = true; }
  [[nodiscard]] bool is_leaving() const { return is_leaving_; }
  /// It is leaving, and nobody waits for anything on it.
  [[nodiscard]] bool is_abandoned() const;
  [[nodiscard]] bool is_ready() const { return state_ == State::ready; }
  /// It is, or it was before it was over.
  [[nodiscard]] bool has_been_ready() const { return has_been_ready_; }

  [[nodiscard]] const std::deque<std::shared_ptr<Call>>& unanswered() const { return unanswered_; }
  [[nodiscard]] std::deque<std::shared_ptr<Call>> take_unanswered() { return std::exchange(unanswered_, {}); }

  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] const Uri& uri() const { return uri_; }
  [[nodiscard]] Dialect dialect() const { return probe_.current(); }
  [[nodiscard]] const ObjectMetadata& metadata() const { return metadata_; }
  [[nodiscard]] const Value& handshake_answer() const { return handshake_answer_; }
  /// Of the answer that is being told.
  [[nodiscard]] const std::vector<Annotation>& annotations() const { return session_->annotations(); }

 private:
  enum class State : unsigned char { connecting, greeting, ready, over };

  void dial();
  void on_connected(Result<std::unique_ptr<Stream>> result);
  void greet();
  void take_greeting(Reply reply);
  void greeting_broke(const Error& error);
  void dial_again_unless(std::optional<ConnectFailure> failure);
  void drop_stream();

  void on_bytes(BytesView bytes) override;
  void on_end(const std::optional<Error>& error) override;
  void on_drained() override {}
  void take_answer(Reply reply);
  void on_late();

  void fail(ClientError error);
  [[nodiscard]] std::uint64_t left_ms() const;

  Engine& engine_;
  Owner& owner_;
  const std::uint64_t number_;
  const Uri uri_;
  const std::string place_;  ///< "host:port" or "./u:path", for texts
  const SharedSettings settings_;
  DialectProbe probe_;
  const std::uint64_t deadline_ms_;  ///< to be ready
  Timer patience_;
  State state_ = State::connecting;
  bool has_been_ready_ = false;
  bool is_leaving_ = false;
  std::unique_ptr<PendingConnection> pending_;
  std::unique_ptr<Stream> stream_;
  std::optional<ClientSession> session_;
  std::string heard_;  ///< the first bytes of the other side, while it is not clear that it speaks Pyro
  ObjectMetadata metadata_;
  Value handshake_answer_;
  Bytes unsent_;
  std::deque<std::shared_ptr<Call>> unanswered_;
};

}  // namespace hearth::uv
