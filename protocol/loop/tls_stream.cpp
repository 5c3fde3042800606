#include "protocol/loop/tls_stream.h"

#include <list>
#include <utility>

#include "protocol/base/check.h"
#include "protocol/base/log.h"
#include "protocol/tls/tls_engine.h"
#include "protocol/tls/tls_record.h"

namespace hearth {
namespace {

/// A few hundred microseconds of encrypting; and enough for the kernel to be busy until it asks for more.
constexpr std::size_t slice_bytes = 256U << 10U;

ErrorKind kind_of(TlsFault fault) {
  switch (fault) {
    case TlsFault::not_tls:
    case TlsFault::nothing_in_common: return ErrorKind::unsupported;
    case TlsFault::peer_certificate:
    case TlsFault::own_certificate:
    case TlsFault::broken: return ErrorKind::malformed;
    case TlsFault::cut: return ErrorKind::disconnected;
  }
  HEARTH_CHECK(false);
}

class TlsStream final : public Stream, private StreamEvents, private HandshakeTurns::Waiting {
 public:
  /// `serving` is a server's.
  TlsStream(std::unique_ptr<Stream> below, TlsEngine engine, std::shared_ptr<TlsServing> serving)
      : below_(std::move(below)), engine_(std::move(engine)), serving_(std::move(serving)) {}

  ~TlsStream() override { forget_turn(); }

  void start(StreamEvents& events) override {
    events_ = &events;
    wants_bytes_ = true;
    below_->start(*this);
    send_output();
  }

  void pause_reading() override {
    wants_bytes_ = false;
    update_reading();
  }

  void resume_reading() override {
    wants_bytes_ = true;
    update_reading();
  }

  void write(Bytes bytes) override {
    if (is_over()) return;
    HEARTH_CHECK(!writing_finished_);
    if (bytes.empty()) return;
    unencrypted_bytes_ += bytes.size();
    unencrypted_.push_back(std::move(bytes));
    encrypt();
    owes_drained_ = unsent_bytes() > 0;
  }

  [[nodiscard]] std::size_t unsent_bytes() const override { return unencrypted_bytes_ + below_->unsent_bytes(); }

  /// Of what has been encrypted, which is what the peer takes.
  [[nodiscard]] std::int64_t taken_by_peer() const override { return below_->taken_by_peer(); }

  void finish_writing() override {
    if (is_over() || writing_finished_) return;
    writing_finished_ = true;
    say_goodbye_if_due();
  }

  void close() override {
    if (!is_over() && !writing_finished_ && unencrypted_.empty()) {
      engine_.finish();
      send_output();
    }
    forget_turn();
    events_ = nullptr;
    below_->close();
  }

  [[nodiscard]] std::string peer_address() const override { return below_->peer_address(); }
  [[nodiscard]] std::optional<std::uint32_t> peer_uid() const override { return below_->peer_uid(); }
  [[nodiscard]] std::optional<TlsIdentity> tls_identity() const override { return engine_.peer_identity(); }

 private:
  /// Closed by the owner, or broken, or refused: nothing is given to the owner or sent for it any more.
  [[nodiscard]] bool is_over() const { return events_ == nullptr || broken_; }

  // ---- from below ----

  void on_bytes(BytesView bytes) override {
    if (broken_) return;  // whom we have refused may talk on
    if (engine_.is_handshake_done() || serving_ == nullptr) return take(bytes);
    const bool is_first = !std::exchange(has_heard_, true);
    if (is_first && !may_be_tls_record(bytes)) return refuse_plain(bytes);
    waiting_for_turn_.append(bytes);
    serving_->turns.ask(*this);
    update_reading();
  }

  void take_turn() override {
    take(std::exchange(waiting_for_turn_, Bytes()));
    update_reading();
  }

  void take(BytesView bytes) {
    const bool was_shaking_hands = !engine_.is_handshake_done();
    Bytes plaintext;
    engine_.receive(bytes, plaintext);
    if (send_output() && below_->unsent_bytes() > 0) is_choked_ = true;
    if (was_shaking_hands && engine_.is_handshake_done()) on_handshake_done();
    if (!plaintext.empty()) events_->on_bytes(plaintext);
    if (is_over()) return;
    if (engine_.failure()) return fail();
    if (engine_.has_peer_finished()) return tell_end();
    update_reading();
  }

  void on_handshake_done() {
    const std::string& ignored = engine_.ignored_certificate();
    if (!ignored.empty()) {
      serving_->ignored_certificates.write(
          serving_->loop.now_ms(), LogLevel::info, LogCategory::net,
          peer_address() + ": " + ignored + ". It is served like one without a certificate");
    }
    encrypt();
    say_goodbye_if_due();
  }

  void on_end(const std::optional<Error>& error) override {
    if (broken_) return tell_end();
    if (error) return break_off(*error);
    engine_.receive_end();
    if (!engine_.failure()) return;  // its goodbye came before, and was told
    const bool is_orderly = serving_ != nullptr && engine_.is_handshake_done();
    is_orderly ? tell_end() : fail();
  }

  void on_drained() override {
    is_choked_ = false;
    if (is_over()) return;
    encrypt();
    say_goodbye_if_due();
    if (owes_drained_ && unsent_bytes() == 0) {
      owes_drained_ = false;
      events_->on_drained();
      if (is_over()) return;
    }
    update_reading();
  }

  // ---- to the owner ----

  void tell_end() {
    if (!std::exchange(end_told_, true)) events_->on_end(std::nullopt);
  }

  void fail() {
    const TlsFailure failure = *engine_.failure();
    below_->finish_writing();
    break_off({kind_of(failure.fault), failure.text});
  }

  void refuse_plain(BytesView first_bytes) {
    if (serving_->plain_answer) below_->write(serving_->plain_answer(first_bytes));
    below_->finish_writing();
    break_off({ErrorKind::unsupported, "it does not speak TLS, as one must at this port"});
  }

  void break_off(const Error& error) {
    broken_ = true;
    forget_turn();
    unencrypted_.clear();
    unencrypted_bytes_ = 0;
    update_reading();
    events_->on_end(error);
  }

  // ---- to below ----

  /// A peer that makes us answer without reading what we answer is not listened to until it does: new keys, warnings.
  void update_reading() {
    if (events_ == nullptr) return;
    const bool listens = broken_ || (wants_bytes_ && !is_choked_ && waiting_for_turn_.empty());
    listens ? below_->resume_reading() : below_->pause_reading();
  }

  /// Whether there was any.
  bool send_output() {
    Bytes output = engine_.take_output();
    if (output.empty()) return false;
    below_->write(std::move(output));
    return true;
  }

  void encrypt() {
    if (!engine_.is_handshake_done()) return;
    while (!unencrypted_.empty() && below_->unsent_bytes() == 0) {
      const BytesView slice = BytesView(unencrypted_.front()).substr(first_offset_, slice_bytes);
      engine_.send(slice);
      first_offset_ += slice.size();
      unencrypted_bytes_ -= slice.size();
      if (first_offset_ == unencrypted_.front().size()) {
        unencrypted_.pop_front();
        first_offset_ = 0;
      }
      send_output();
    }
  }

  void say_goodbye_if_due() {
    if (!writing_finished_ || goodbye_said_ || !unencrypted_.empty()) return;
    goodbye_said_ = true;
    engine_.finish();
    send_output();
    below_->finish_writing();
  }

  void forget_turn() {
    if (serving_ != nullptr) serving_->turns.forget(*this);
    waiting_for_turn_.clear();
  }

  const std::unique_ptr<Stream> below_;
  TlsEngine engine_;
  const std::shared_ptr<TlsServing> serving_;  ///< nullptr: the client's side
  StreamEvents* events_ = nullptr;
  Bytes waiting_for_turn_;        ///< of a handshake
  std::list<Bytes> unencrypted_;  // no deque: an empty one holds half a KiB
  std::size_t first_offset_ = 0;  ///< of the first of them is encrypted
  std::size_t unencrypted_bytes_ = 0;
  bool has_heard_ = false;
  bool wants_bytes_ = false;
  bool is_choked_ = false;
  bool owes_drained_ = false;
  bool writing_finished_ = false;
  bool goodbye_said_ = false;
  bool end_told_ = false;
  bool broken_ = false;
};

}  // namespace

std::unique_ptr<Stream> tls_client_stream(std::unique_ptr<Stream> connected, std::shared_ptr<const TlsContext> context,
                                          const std::string& host, std::uint16_t port) {
  HEARTH_CHECK(!context->is_server());
  TlsEngine engine(std::move(context), host, port, Limits().tls_handshake_bytes_max);
  return std::make_unique<TlsStream>(std::move(connected), std::move(engine), nullptr);
}

std::unique_ptr<Stream> tls_server_stream(std::unique_ptr<Stream> accepted, std::shared_ptr<const TlsContext> context,
                                          std::shared_ptr<TlsServing> serving) {
  TlsEngine engine(std::move(context), serving->limits.tls_handshake_bytes_max);
  return std::make_unique<TlsStream>(std::move(accepted), std::move(engine), std::move(serving));
}

}  // namespace hearth
