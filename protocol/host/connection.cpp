#include "protocol/host/connection.h"

#include <fmt/format.h>

#include <utility>

#include "protocol/tls/tls_record.h"

namespace hearth {

Connection::Connection(const Shared& shared, ConnectionId id, std::unique_ptr<Stream> stream)
    : shared_(shared),
      id_(id),
      stream_(std::move(stream)),
      session_(shared.settings, shared.objects, shared.late_replies, shared.large_replies,
               Peer{id, stream_->peer_address(), stream_->peer_uid()}) {}

void Connection::start() {
  stream_->start(*this);
  update_deadline(false);
}

void Connection::on_bytes(BytesView bytes) {
  if (closing_) return;
  if (!std::exchange(has_spoken_, true)) on_first_bytes(bytes);
  pipelines_ = session_.is_waiting();
  frame_bytes_ += bytes.size();
  last_bytes_at_ms_ = shared_.deadlines.now_ms();
  session_.receive(bytes);
  advance();
}

/// Until now nobody could know.
void Connection::on_first_bytes(BytesView bytes) {
  if (auto identity = stream_->tls_identity()) {
    session_.identify(std::move(identity->subject), std::move(identity->common_name));
  }
  // The session answers as it does every stranger. OpenSSL calls that a wrong version number, which people know how to read.
  if (is_tls_record(bytes)) shared_.owner.on_refused(*this, "it speaks TLS, which this port does not");
}

void Connection::on_end(const std::optional<Error>& error) {
  if (!error) {
    peer_finished_ = true;
    return advance();
  }
  // A peer that is killed breaks its connection: that is no fault of the kind an operator should read about.
  if (error->kind == ErrorKind::disconnected) return shared_.owner.on_over(*this, {});
  shared_.owner.on_refused(*this, error->text);
  session_.close();
  closing_ = true;
  update_deadline(false);
}

void Connection::on_drained() {
  static_cast<void>(resume_session());  // if it has something left to do: it does nothing while its output waits
  advance();
}

void Connection::take_turn(Clock::time_point end) {
  turn_wanted_ = false;
  while (resume_session() && Clock::now() < end) {
  }
  advance();
}

void Connection::answer(std::uint64_t call_number, CallResult result) {
  session_.answer(call_number, std::move(result));
  advance();
}

void Connection::stop_serving() {
  reading_stopped_ = true;
  session_.stop();
  advance();
}

void Connection::close_when_sent() {
  ends_when_sent_ = true;
  advance();
}

void Connection::close() {
  stream_->close();
  session_.close();
  clear_deadline();
}

/// Brings everything into line with the session, after anything has happened. The connection may be over afterwards.
void Connection::advance() {
  if (session_.is_handshake_done() && !std::exchange(is_client_, true)) shared_.owner.on_handshake(*this);
  charge_calls();
  const bool answered = send_output();
  if (session_.wants_close() && !closing_ && !is_sending()) {
    closing_ = true;
    stream_->finish_writing();
  }
  if (is_over()) return shared_.owner.on_over(*this, {});
  if (wants_turn() && !turn_wanted_) {
    turn_wanted_ = true;
    shared_.owner.on_turn_wanted(id_);
  }
  update_reading();
  // A message of legal size has ended somewhere in so many bytes, even if it was a oneway call that nobody answers.
  update_deadline(answered || frame_bytes_ > shared_.settings.limits.message_bytes_max);
}

/// What the peer does not take yet stays in the session, which starts no call while it holds too much. A block at a time: one
/// that takes all at once must not keep us.
bool Connection::send_output() {
  if (stream_->unsent_bytes() > 0 || !session_.has_output()) return false;
  Bytes output = session_.take_output();
  stream_->write(std::move(output));
  return true;
}

void Connection::charge_calls() {
  const std::uint64_t count = session_.calls() - std::exchange(charged_calls_, session_.calls());
  if (count > 0) no_calls_for_ms_ = shared_.owner.on_calls(*this, count);
}

/// No new call of a peer that has made too many; the one in flight goes on. True: that was a whole call, and another may follow.
bool Connection::resume_session() {
  const std::uint64_t calls_before = session_.calls();
  if (no_calls_for_ms_ == 0 || session_.is_waiting()) session_.resume();
  charge_calls();
  const bool is_answered = session_.calls() > calls_before && !session_.is_waiting();
  return is_answered && session_.has_more_to_do() && stream_->unsent_bytes() == 0;
}

/// A peer that does not take its output has no turn but for the call in flight: that may hold what others wait for.
bool Connection::wants_turn() const {
  if (stream_->unsent_bytes() > 0 || no_calls_for_ms_ > 0) return session_.has_more_to_do() && session_.is_waiting();
  return session_.has_more_to_do() || session_.has_output();
}

bool Connection::is_over() const {
  if (is_sending() || (session_.is_waiting() && !closing_)) return false;
  return ends_when_sent_ || (peer_finished_ && (closing_ || !session_.has_more_to_do()));
}

/// Reading goes on while a call is in flight, until the peer really sends more: most never do, and two system calls a call are
/// saved. It also is how we learn that a peer has gone.
void Connection::update_reading() {
  const bool is_busy = session_.is_waiting() ? pipelines_ : session_.has_more_to_do();
  const bool may_ask = !reading_stopped_ && !is_sending() && !is_busy && no_calls_for_ms_ == 0;
  if (may_ask) {
    stream_->resume_reading();
  } else {
    stream_->pause_reading();
  }
}

Connection::Patience Connection::patience_now() const {
  if (stream_->unsent_bytes() > 0) return Patience::taking;
  if (closing_) return Patience::goodbye;
  if (!session_.is_handshake_done()) return Patience::handshake;
  if (no_calls_for_ms_ > 0) return Patience::calls;
  // What we do not read the peer cannot be late with.
  if (session_.is_waiting() || session_.has_more_to_do() || reading_stopped_) return Patience::none;
  if (session_.is_inside_frame()) return Patience::frame;
  return shared_.settings.limits.idle_timeout_ms > 0 ? Patience::idle : Patience::none;
}

void Connection::update_deadline(bool frame_ended) {
  const Patience now = patience_now();
  if (now == patience_ && !(now == Patience::frame && frame_ended)) return;
  patience_ = now;
  frame_bytes_ = 0;
  if (now == Patience::taking) taken_bytes_ = stream_->taken_by_peer();
  set_deadline();
}

void Connection::set_deadline() {
  clear_deadline();
  if (patience_ == Patience::none) return;
  const std::uint64_t begun_ms = patience_ == Patience::idle ? last_bytes_at_ms_ : shared_.deadlines.now_ms();
  deadline_ms_ = begun_ms + timeout_ms();
  shared_.deadlines.add(*deadline_ms_, id_);
}

void Connection::clear_deadline() {
  if (deadline_ms_) shared_.deadlines.remove(*deadline_ms_, id_);
  deadline_ms_.reset();
}

std::uint64_t Connection::timeout_ms() const {
  const Limits& limits = shared_.settings.limits;
  switch (patience_) {
    case Patience::handshake: return limits.handshake_timeout_ms;
    case Patience::goodbye: return limits.closing_timeout_ms;
    case Patience::calls: return no_calls_for_ms_;
    case Patience::idle: return limits.idle_timeout_ms;
    case Patience::frame:
    case Patience::taking:
    case Patience::none: break;
  }
  return limits.frame_timeout_ms;
}

void Connection::on_deadline() {
  deadline_ms_.reset();
  switch (patience_) {
    case Patience::none:
    case Patience::goodbye: return shared_.owner.on_over(*this, {});
    case Patience::handshake:
      return shared_.owner.on_over(*this, fmt::format("no handshake within {} ms", timeout_ms()));
    case Patience::frame:
      return shared_.owner.on_over(*this, fmt::format("did not finish a message within {} ms", timeout_ms()));
    case Patience::calls:
      no_calls_for_ms_ = 0;
      patience_ = Patience::none;
      return take_turn(Clock::time_point());
    case Patience::idle: return on_idle();
    case Patience::taking: break;
  }
  const std::int64_t taken = stream_->taken_by_peer();
  if (taken <= taken_bytes_) {
    return shared_.owner.on_over(*this, fmt::format("took no byte of its reply for {} ms", timeout_ms()));
  }
  taken_bytes_ = taken;  // slow, but alive
  set_deadline();
}

/// Requests do not move the deadline, they are too many: it is looked at when it comes.
void Connection::on_idle() {
  const std::uint32_t timeout_ms = shared_.settings.limits.idle_timeout_ms;
  if (timeout_ms > 0 && shared_.deadlines.now_ms() >= last_bytes_at_ms_ + timeout_ms) {
    return shared_.owner.on_over(*this, {});
  }
  patience_ = Patience::none;
  update_deadline(false);
}

}  // namespace hearth
