#include "client-lib/uv/connection.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "client-lib/src/client_errors.h"
#include "client-lib/src/greeting.h"
#include "client-lib/src/handshake_failure.h"
#include "protocol/base/check.h"
#include "protocol/loop/tls_stream.h"

namespace hearth::uv {
namespace {

constexpr std::uint64_t for_ever_ms =
    std::numeric_limits<std::uint32_t>::max();  // 49 days; the kernel gives up earlier

AddressOrder address_order(int preferred_ip_version) {
  switch (preferred_ip_version) {
    case 4: return AddressOrder::ipv4_first;
    case 6: return AddressOrder::ipv6_first;
    default: return AddressOrder::any;
  }
}

}  // namespace

Connection::Connection(Engine& engine, Owner& owner, std::uint64_t number, Uri uri, SharedSettings settings,
                       Dialect first)
    : engine_(engine),
      owner_(owner),
      number_(number),
      uri_(std::move(uri)),
      place_(uri_.location().value_or(uri_.text())),
      settings_(std::move(settings)),
      probe_(first, !settings_->hmac_key.empty()),
      deadline_ms_(engine.loop().now_ms() +
                   (settings_->connect_timeout_ms == 0 ? for_ever_ms : settings_->connect_timeout_ms)),
      patience_(engine.loop(), [this] { on_late(); }) {
  dial();
}

// ---- getting ready

std::uint64_t Connection::left_ms() const {
  const std::uint64_t now_ms = engine_.loop().now_ms();
  return deadline_ms_ > now_ms ? deadline_ms_ - now_ms : 0;
}

void Connection::dial() {
  state_ = State::connecting;
  heard_.clear();
  session_.emplace(ClientSessionSettings{.dialect = probe_.current(),
                                         .serializer = settings_->serializer,
                                         .compress_requests = settings_->compress_requests,
                                         .hmac_key = settings_->hmac_key});
  auto told = [this](Result<std::unique_ptr<Stream>> result) { on_connected(std::move(result)); };
  if (uri_.socket_path) {
    pending_ = connect_unix(engine_.loop(), *uri_.socket_path, left_ms(), std::move(told));
  } else {
    pending_ = connect_tcp(engine_.loop(), uri_.host.value_or(""), uri_.tcp_port().value_or(0),
                           address_order(settings_->preferred_ip_version), left_ms(), std::move(told));
  }
}

void Connection::on_connected(Result<std::unique_ptr<Stream>> result) {
  pending_.reset();
  if (!result) {
    const Error& error = result.error();
    const bool is_late = error.kind == ErrorKind::timeout;
    return fail({client_error_kind(error.kind),
                 place_ + (is_late ? " does not answer (" : " cannot be reached (") + error.text + ")"});
  }
  stream_ = std::move(*result);
  if (settings_->tls && !uri_.socket_path) {
    stream_ =
        tls_client_stream(std::move(stream_), settings_->tls, uri_.host.value_or(""), uri_.tcp_port().value_or(0));
  }
  state_ = State::greeting;
  stream_->start(*this);
  greet();
}

void Connection::greet() {
  auto request = session_->connect(handshake_for(uri_, *settings_), uri_.object, settings_->annotations);
  if (!request) return fail(unsendable(request.error()).value());
  if (settings_->connect_timeout_ms != 0) patience_.start_once(left_ms());
  stream_->write(std::move(*request));
}

void Connection::take_greeting(Reply reply) {
  if (auto* connected = std::get_if<Connected>(&reply)) {
    patience_.stop();
    metadata_ = object_metadata(connected->metadata);
    handshake_answer_ = std::move(connected->handshake);
    state_ = State::ready;
    has_been_ready_ = true;
    return owner_.on_ready(*this);
  }
  if (const auto* refused = std::get_if<Refused>(&reply)) {
    return dial_again_unless(refused_greeting(place_, refused->reason, !settings_->hmac_key.empty()));
  }
  drop_stream();
  dial_again_unless(probe_.other_dialect_spoken(uri_));
}

void Connection::greeting_broke(const Error& error) {
  auto failure = failed_greeting(error, heard_, session_->signature_fault(), !settings_->hmac_key.empty());
  drop_stream();
  dial_again_unless(probe_.greeting_failed(std::move(failure)));
}

void Connection::dial_again_unless(std::optional<ConnectFailure> failure) {
  if (failure) return fail(std::move(failure->error));
  dial();
}

/// One of its callbacks may be on the stack.
void Connection::drop_stream() {
  patience_.stop();
  if (stream_ == nullptr) return;
  stream_->close();
  engine_.retire(std::shared_ptr<Stream>(std::move(stream_)));
}

void Connection::on_late() { greeting_broke({ErrorKind::timeout, place_ + " did not answer in time"}); }

// ---- calls

ClientResult<void> Connection::send(const std::shared_ptr<Call>& call, CallValue value, InvokeOptions options) {
  HEARTH_CHECK(state_ == State::ready);
  const bool is_oneway = options.oneway;
  auto bytes = session_->invoke(std::move(value), std::move(options));
  if (!bytes) return unsendable(bytes.error());
  if (unsent_.empty()) {
    unsent_ = std::move(*bytes);
  } else {
    unsent_ += *bytes;
  }
  if (!is_oneway) unanswered_.push_back(call);
  return {};
}

void Connection::flush() {
  if (state_ == State::ready && !unsent_.empty()) stream_->write(std::exchange(unsent_, {}));
}

bool Connection::is_abandoned() const {
  return is_leaving_ && std::none_of(unanswered_.begin(), unanswered_.end(),
                                     [](const std::shared_ptr<Call>& call) { return call->is_wanted(); });
}

void Connection::on_bytes(BytesView bytes) {
  if (state_ == State::greeting)
    heard_.append(bytes.substr(0, heard_bytes_max - std::min(heard_.size(), heard_bytes_max)));
  session_->receive(bytes);
  while (state_ == State::greeting || state_ == State::ready) {
    auto reply = session_->next();
    if (!reply) {
      const Error error{reply.error().kind, place_ + ": " + reply.error().text};
      return state_ == State::greeting ? greeting_broke(error) : fail(client_error(error).value());
    }
    if (!*reply) break;
    state_ == State::greeting ? take_greeting(std::move(**reply)) : take_answer(std::move(**reply));
  }
  if (state_ == State::ready) owner_.on_read(*this);
}

void Connection::take_answer(Reply reply) {
  const std::shared_ptr<Call> call = std::move(unanswered_.front());  // the session knows of no other replies
  unanswered_.pop_front();
  owner_.on_answer(*this, *call, std::move(reply));
}

void Connection::on_end(const std::optional<Error>& error) {
  const bool tls_failed = error && error->kind != ErrorKind::disconnected;
  if (tls_failed) return fail(client_error(*error).value());
  if (state_ == State::greeting) {
    return greeting_broke({ErrorKind::disconnected, place_ + " closed the connection without an answer"});
  }
  std::string text =
      place_ + (unanswered_.empty() ? " closed the connection" : " closed the connection without an answer");
  if (error) text += " (" + error->text + ")";
  fail({ClientErrorKind::unreachable, std::move(text)});
}

// ---- the end

void Connection::close() {
  state_ = State::over;
  pending_.reset();
  drop_stream();
}

/// The last thing done.
void Connection::fail(ClientError error) {
  close();
  owner_.on_over(*this, std::move(error));
}

}  // namespace hearth::uv
