/// CallPool: the calls of one object, over as many connections as it may have; what a Proxy is made of.
///
/// Layer: client-lib/uv, private (rpc, loop).        Thread rule: the thread of the loop.
/// Ownership: its Proxy's. What else needs it holds it weakly. Closed, it tells nobody anything any more; it is destroyed through
/// Engine::retire(), as it may be inside one of its functions then.
/// Everything is done in a turn of its own: start() only notes what is wanted. So nobody is called back from inside his own call,
/// and what is begun in one turn is sent with one system call.
#pragma once

#include <hearth/uv/request.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "client-lib/src/backoff.h"
#include "client-lib/uv/call.h"
#include "client-lib/uv/connection.h"
#include "client-lib/uv/engine.h"
#include "client-lib/uv/operation_set.h"

namespace hearth::uv {

class Resolving;

class CallPool final : private Connection::Owner {
 public:
  CallPool(std::shared_ptr<Engine> engine, Uri uri, SharedSettings settings, std::uint32_t connections_max);
  ~CallPool() override;

  Operation start(Question question, CallOptions options, Call::Told told);

  /// Operations of several steps that end with the pool.
  [[nodiscard]] OperationSet& operations() { return operations_; }

  /// An item stream that nobody wants (any more).
  void close_stream(std::uint64_t connection, std::string_view id);

  /// Called when the last connection that was ready is lost.
  void set_on_lost(std::function<void()> on_lost) { on_lost_ = std::move(on_lost); }

  /// Sends a call that is not answered over a connection that is ready, at once: for what has no time left. False: there is none.
  bool send_at_once(Invocation invocation);

  void release();
  void close();

  [[nodiscard]] bool is_connected() const;
  [[nodiscard]] const Uri& uri() const { return uri_; }
  [[nodiscard]] Engine& engine() { return *engine_; }
  [[nodiscard]] const std::shared_ptr<Engine>& shared_engine() const { return engine_; }
  [[nodiscard]] const SharedSettings& settings() const { return settings_; }
  [[nodiscard]] Dialect dialect() const { return dialect_; }
  [[nodiscard]] const ObjectMetadata& metadata() const { return metadata_; }
  [[nodiscard]] const Value& handshake_answer() const { return handshake_answer_; }
  [[nodiscard]] const std::vector<Annotation>& annotations() const { return annotations_; }

 private:
  using Calls = std::deque<std::shared_ptr<Call>>;
  enum class Turn : unsigned char { none, due, held };

  // What is to be done now.
  void work_soon();
  void work();
  [[nodiscard]] bool place(const std::shared_ptr<Call>& call);
  void hand_over(Connection& connection, const std::shared_ptr<Call>& call);
  void hand_over_to_daemon(const std::shared_ptr<Call>& call);
  void put_back(Calls calls);

  // Connections.
  [[nodiscard]] Connection* choose();
  [[nodiscard]] Connection* any_ready() const;
  [[nodiscard]] Connection* find(std::uint64_t number) const;
  void dial();
  void open(Uri place);
  void on_resolved(ClientResult<Uri> place);
  void drop(Connection& connection);
  void drop_abandoned();
  void on_ready(Connection& connection) override;
  void on_answer(Connection& connection, Call& call, Reply reply) override;
  void on_read(Connection& connection) override;
  void on_over(Connection& connection, ClientError error) override;

  // What goes wrong.
  void dial_failed(const ClientError& error);
  void settle(Calls calls, const ClientError& error);
  void hold_after_failure();
  void note_deadline(std::uint64_t deadline_ms);
  void on_patience_over();
  [[nodiscard]] ClientError late(bool was_sent) const;

  const std::shared_ptr<Engine> engine_;
  const Uri uri_;
  const SharedSettings settings_;
  const std::uint32_t connections_max_;
  std::uint32_t connections_wanted_;  ///< fewer than may be, once the server would not take more
  bool is_closed_ = false;

  Calls waiting_;  ///< for a connection
  OperationSet operations_;
  std::function<void()> on_lost_;
  Timer turn_timer_;
  Turn turn_ = Turn::none;
  Timer patience_;  ///< the earliest deadline, or an earlier one that was kept
  std::optional<std::uint64_t> patience_ends_ms_;

  std::vector<std::unique_ptr<Connection>> connections_;
  std::uint64_t last_number_ = 0;
  std::unique_ptr<Resolving> resolving_;
  std::optional<Uri> known_place_;  ///< of an object that goes by name: where it was last
  Backoff backoff_;
  std::uint32_t failures_ = 0;  ///< in a row

  // Of the last connection and the last answer.
  Dialect dialect_;
  ObjectMetadata metadata_;
  Value handshake_answer_;
  std::vector<Annotation> annotations_;
};

}  // namespace hearth::uv
