/// Connection: one peer of an ObjectHost: its stream, its session, and how long we wait for it. Private to protocol/host.
///
/// Layer: host.        Thread rule: loop thread.
/// Memory: while the peer has not taken all of its replies nothing more is read from it, and the session starts no call once
/// it holds Limits::write_queue_bytes_max of output: one peer holds at most that, one reply and one message. A reply is written
/// block by block, each when the kernel has taken the one before, and freed likewise.
/// Patience: at any time we wait for at most one thing, with one deadline (Patience below).
/// Ownership: the owner destroys it through Loop::retire(), since it may be inside any of the connection's functions when it
/// is told that the connection is over.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "protocol/base/limits.h"
#include "protocol/host/deadlines.h"
#include "protocol/loop/stream.h"
#include "protocol/rpc/server_session.h"

namespace hearth {

class Connection final : public Retirable, private StreamEvents {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    /// Close and retire it. `fault` is what the peer did to be dropped, empty if the connection ended as connections do.
    virtual void on_over(Connection& connection, const std::string& fault) = 0;
    /// Once, when it has shown that it is a client.
    virtual void on_handshake(const Connection& connection) = 0;
    /// It has made so many calls. Returns for how many milliseconds it gets no more of them.
    virtual std::uint64_t on_calls(const Connection& connection, std::uint64_t count) = 0;
    /// It is refused for that, and goes on only to hear so.
    virtual void on_refused(const Connection& connection, const std::string& fault) = 0;
    /// Call take_turn() once everybody else has had a turn.
    virtual void on_turn_wanted(ConnectionId connection) = 0;
  };

  /// What all connections of a host share.
  struct Shared {
    const SessionSettings& settings;
    const ObjectTable& objects;
    ReplySink& late_replies;
    LargeReplies& large_replies;
    Deadlines& deadlines;
    Owner& owner;
  };

  Connection(const Shared& shared, ConnectionId id, std::unique_ptr<Stream> stream);

  [[nodiscard]] ConnectionId id() const { return id_; }
  [[nodiscard]] const std::string& peer_address() const { return session_.peer().address; }

  void start();
  void answer(std::uint64_t call_number, CallResult result);

  using Clock = std::chrono::steady_clock;
  /// One call, or one piece of it; and if that was answered at once those that have arrived behind it, until `end`. All are answered
  /// with one write.
  void take_turn(Clock::time_point end);

  /// Its entry in Deadlines has expired.
  void on_deadline();

  /// No more requests, not even those that have arrived; what is being answered is answered.
  void stop_serving();
  /// Over as soon as the kernel has taken what is unsent, which may be now.
  void close_when_sent();
  /// Drops the peer; nothing happens from now on.
  void close();

 private:
  /// What the peer owes us.
  enum class Patience : unsigned char {
    none,       ///< nothing: it may be silent for ever
    handshake,  ///< its CONNECT, and before that what TLS needs
    frame,      ///< the rest of a message
    taking,     ///< to take some of what we send
    goodbye,    ///< to close, after our last words
    calls,      ///< nothing: it has made too many calls, and gets no more until the deadline
    idle,       ///< a request, if there is a limit to its silence
  };

  void on_bytes(BytesView bytes) override;
  void on_end(const std::optional<Error>& error) override;
  void on_drained() override;

  void on_first_bytes(BytesView bytes);
  void advance();
  void charge_calls();
  bool resume_session();
  bool send_output();
  [[nodiscard]] bool is_sending() const { return stream_->unsent_bytes() > 0 || session_.has_output(); }
  [[nodiscard]] bool is_over() const;
  [[nodiscard]] bool wants_turn() const;
  void update_reading();
  [[nodiscard]] Patience patience_now() const;
  void update_deadline(bool frame_ended);
  void set_deadline();
  void clear_deadline();
  void on_idle();
  [[nodiscard]] std::uint64_t timeout_ms() const;

  const Shared& shared_;
  const ConnectionId id_;
  const std::unique_ptr<Stream> stream_;
  ServerSession session_;

  std::optional<std::uint64_t> deadline_ms_;
  std::int64_t taken_bytes_ = 0;   ///< by the peer, when the deadline of Patience::taking was set
  std::uint64_t frame_bytes_ = 0;  ///< received since the deadline of Patience::frame was set
  std::uint64_t last_bytes_at_ms_ = 0;
  std::uint64_t charged_calls_ = 0;    ///< that the owner knows of
  std::uint64_t no_calls_for_ms_ = 0;  ///< 0: it may call
  Patience patience_ = Patience::none;
  bool has_spoken_ = false;       ///< the first bytes have come
  bool is_client_ = false;        ///< the owner knows that it has shaken hands
  bool pipelines_ = false;        ///< bytes came while a call waited for its late answer
  bool closing_ = false;          ///< the last words have been said: what comes now is thrown away
  bool peer_finished_ = false;    ///< it sends no more, but may still read
  bool reading_stopped_ = false;  ///< by the host
  bool ends_when_sent_ = false;
  bool turn_wanted_ = false;
};

}  // namespace hearth
