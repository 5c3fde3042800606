#include "protocol/rpc/server_session.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "protocol/base/check.h"
#include "protocol/rpc/class_dicts.h"
#include "protocol/rpc/dialect_map.h"
#include "protocol/rpc/dict_reply.h"
#include "protocol/rpc/reply_writer.h"
#include "protocol/rpc/running_call.h"
#include "protocol/wire/compression.h"
#include "protocol/wire/framer.h"
#include "protocol/wire/hmac.h"

namespace hearth {
namespace {

RequestHead head_of(const Message& message) {
  return {message.dialect, message.serializer_id, message.sequence, message.correlation, message.flags.oneway};
}

}  // namespace

class ServerSession::Impl {
 public:
  Impl(const SessionSettings& settings, const ObjectTable& objects, ReplySink& late_replies,
       LargeReplies& large_replies, Peer peer)
      : settings_(settings),
        objects_(objects),
        late_replies_(late_replies),
        large_replies_(large_replies),
        peer_(std::move(peer)),
        framer_(settings.limits.handshake_bytes_max),
        items_(settings.limits),
        replies_(settings, peer_) {}

  void identify(std::string tls_subject, std::string tls_common_name) {
    peer_.tls_subject = std::move(tls_subject);
    peer_.tls_common_name = std::move(tls_common_name);
  }

  void receive(BytesView bytes) {
    if (closing_) return;
    framer_.append(bytes);
    resume();
  }

  /// One call a turn: 64 KiB of pipelined calls, each of them dear, must not keep everybody else waiting.
  void resume() {
    has_more_to_do_ = false;
    bool has_worked = false;
    while (!closing_ && (running_ || !stopped_)) {
      if (running_ && !call_wants_turn()) return;
      const bool is_full = !running_ && replies_.output().size() >= settings_.limits.write_queue_bytes_max;
      if (has_worked || is_full) {
        has_more_to_do_ = running_ || framer_.is_inside_frame();
        return;
      }
      has_worked = true;
      if (running_) {
        go_on();
        continue;
      }
      if (handshake_done_) framer_.set_message_bytes_max(settings_.limits.message_bytes_max);
      auto message = framer_.next();
      if (!message) return refuse_frame(message.error());
      if (!*message) return;
      on_message(std::move(**message));
    }
  }

  void stop() {
    stopped_ = true;
    if (running_) {
      running_->stop();
      go_on();
    }
    has_more_to_do_ = running_ && call_wants_turn();
  }

  void close() {
    closing_ = true;
    running_.reset();
    large_replies_.leave(peer_.connection);
    large_replies_.throw_away(items_.take_items());
    large_replies_.throw_away(std::move(replies_.output()));
  }

  void answer(std::uint64_t call_number, CallResult result) {
    if (!running_) return;
    running_->answer(call_number, std::move(result));
    go_on();
    resume();
  }

  [[nodiscard]] bool has_output() const { return !replies_.output().empty(); }
  Bytes take_output() { return has_output() ? replies_.output().take_front() : Bytes(); }
  [[nodiscard]] bool wants_close() const { return closing_; }
  [[nodiscard]] bool is_waiting() const { return running_.has_value(); }
  [[nodiscard]] bool has_more_to_do() const { return has_more_to_do_ && !closing_; }
  [[nodiscard]] std::uint64_t calls() const { return next_call_number_ - 1; }
  [[nodiscard]] bool is_handshake_done() const { return handshake_done_; }
  [[nodiscard]] bool is_inside_frame() const { return !closing_ && framer_.is_inside_frame(); }
  [[nodiscard]] const Peer& peer() const { return peer_; }

 private:
  void on_message(Message message) {
    const auto refusal = unsigned_reason(message);
    // A call is shown once it has been decoded, so that its method can be told.
    if (settings_.observer != nullptr && (refusal || !carries_call(message))) {
      settings_.observer->on_message(peer_, observed(ObservedMessage::Direction::in, message));
    }
    if (refusal) return refuse(head_of(message), "SecurityError", *refusal);
    if (!handshake_done_) return on_connect(std::move(message));
    switch (message.type) {
      case MessageType::ping: return on_ping(message);
      case MessageType::invoke: return on_invoke(std::move(message));
      default: return refuse(head_of(message), "ProtocolError", invalid_type_text(message));
    }
  }

  [[nodiscard]] bool carries_call(const Message& message) const {
    return handshake_done_ && message.type == MessageType::invoke && accepts(message.dialect, message.serializer_id) &&
           !message.flags.keep_serialized;
  }

  std::optional<std::string> unsigned_reason(const Message& message) const {
    if (message.dialect == Dialect::pyro5) {
      if (settings_.hmac_key.empty()) return std::nullopt;
      return "this server requires an HMAC key, which the Pyro5 protocol cannot carry";
    }
    switch (verify_hmac(message, settings_.hmac_key)) {
      case HmacVerdict::good: return std::nullopt;
      case HmacVerdict::mismatch: return "message hmac mismatch";
      case HmacVerdict::not_symmetric: return "hmac key config not symmetric";
    }
    return std::nullopt;
  }

  std::string invalid_type_text(const Message& message) const {
    std::string text = "invalid msg type " + std::to_string(static_cast<unsigned>(message.type)) + " received";
    if (message.dialect == Dialect::pyro5 && !handshake_done_) text += " (expected: 1)";
    return text;
  }

  // ---- refusals ----

  /// Says why and closes. Before the handshake as CONNECTFAIL with sequence 0, as nothing has been decoded yet; afterwards as an
  /// exception, where the reference closes without a word.
  void refuse(const RequestHead& request, std::string_view type, std::string reason) {
    closing_ = true;
    RequestHead head{request.dialect, wire_id(request.dialect, fallback_serializer)};
    if (!handshake_done_) return send_connect_fail(head, std::move(reason));
    if (request.is_oneway) return;
    head.sequence = request.sequence;
    if (accepts(request.dialect, request.serializer_id)) head.serializer_id = request.serializer_id;
    replies_.send_exception(head, raise(type, std::move(reason)).value());
  }

  void refuse_frame(const Error& error) {
    RequestHead head{framer_.dialect().value_or(Dialect::pyro5), 0};
    if (const auto& header = framer_.pending_header()) {
      head.serializer_id = header->serializer_id;
      head.sequence = header->sequence;
      head.is_oneway = header->flags.oneway;
    }
    refuse(head, error.kind == ErrorKind::limit ? "MessageTooLargeError" : "ProtocolError", error.text);
  }

  void send_connect_fail(const RequestHead& head, std::string reason) {
    closing_ = true;
    replies_.send(head, MessageType::connect_fail, {}, Value(std::move(reason)));
  }

  // ---- handshake ----

  void on_connect(Message message) {
    RequestHead head = head_of(message);
    if (message.type != MessageType::connect) return refuse(head, "ProtocolError", invalid_type_text(message));
    if (!accepts(head.dialect, head.serializer_id)) {
      const std::string reason = "message used serializer that is not accepted: " + std::to_string(head.serializer_id);
      head.serializer_id = wire_id(head.dialect, fallback_serializer);
      return send_connect_fail(head, reason);
    }
    auto data = load_payload(message);
    if (!data) return send_connect_fail(head, std::move(data.error().text));
    Dict* dict = data->as<Dict>();
    Value* handshake = dict == nullptr ? nullptr : dict->find("handshake");
    if (dict == nullptr) return send_connect_fail(head, "a CONNECT must carry a dict with handshake and object");
    if (handshake == nullptr) return send_connect_fail(head, "'handshake'");  // str(KeyError("handshake"))
    if (auto refused = refused_class(*handshake)) return send_connect_fail(head, refused->text());
    const std::string* text = handshake->as_str();
    const bool is_kept = text != nullptr && text->size() <= settings_.limits.handshake_value_bytes_max;
    peer_.handshake = is_kept ? *text : std::string();
    const bool with_metadata = head.dialect == Dialect::pyro5 || message.flags.meta_on_connect;
    if (!with_metadata) {
      handshake_done_ = true;
      return replies_.send(head, MessageType::connect_ok, {}, Value("hello"));
    }
    const Value* id = dict->find("object");
    if (id == nullptr) return send_connect_fail(head, "'object'");
    const RemoteObject* object = id->as_str() == nullptr ? nullptr : objects_.find(*id->as_str());
    if (object == nullptr) return send_connect_fail(head, "unknown object");
    handshake_done_ = true;
    Dict answer;
    answer.add("handshake", "hello");
    answer.add("meta", object_metadata(*object, head.dialect, head.dialect == Dialect::pyro4));
    replies_.send(head, MessageType::connect_ok, {.meta_on_connect = head.dialect == Dialect::pyro4}, answer);
  }

  // ---- calls ----

  void on_ping(const Message& message) {
    Message pong;
    pong.dialect = message.dialect;
    pong.type = MessageType::ping;
    pong.serializer_id = message.serializer_id;
    pong.sequence = message.sequence;
    pong.correlation = message.correlation;
    pong.payload = "pong";
    replies_.send(std::move(pong));
  }

  void on_invoke(Message message) {
    const RequestHead head = head_of(message);
    if (!accepts(head.dialect, head.serializer_id)) {
      return refuse(head, "SerializeError",
                    "message used serializer that is not accepted: " + std::to_string(head.serializer_id));
    }
    if (message.flags.keep_serialized) {
      return fail_call(head, raise("PyroError", "this server has no object that takes serialized blobs").value());
    }
    const std::size_t payload_bytes = message.payload.size();
    auto call = load_call(message);
    if (settings_.observer != nullptr) show_call(message, payload_bytes, call);
    if (!call) return fail_call(head, to_exception(call.error()));
    request_ = head;
    request_is_batch_ = message.flags.batch;
    const RunningCall::Context context{objects_,          late_replies_,    peer_, head.dialect,
                                       next_call_number_, settings_.limits, items_};
    running_.emplace(context, std::move(*call), message.flags.batch);
    next_call_number_ = running_->end_number();
    items_.start(head.is_oneway ? nullptr : &serializer_for(head));
    go_on();
  }

  void fail_call(const RequestHead& head, const RemoteException& exception) {
    if (!head.is_oneway) replies_.send_exception(head, exception);
  }

  // ---- the running call ----

  /// It would do something now. A result that is still here is a reply that is being signed.
  [[nodiscard]] bool call_wants_turn() {
    return (running_->wants_turn() || running_->result()) && (!waits_for_place_ || has_place());
  }

  [[nodiscard]] bool has_place() { return large_replies_.enter(peer_.connection); }

  /// A turn for the running call. It may be over afterwards.
  void go_on() {
    if (waits_for_place_ && stopped_) return drop_call();
    if (waits_for_place_ && !has_place()) return;
    waits_for_place_ = false;
    items_.start_turn();
    if (!running_->result()) running_->advance();
    if (running_->result()) return finish_call();
    if (items_.error()) return finish_items();
    if (items_.bytes() >= settings_.limits.large_reply_bytes_min && !has_place()) wait_for_place();
  }

  /// With empty hands: thousands who wait must not hold what was meant for two.
  void wait_for_place() {
    if (stopped_) return drop_call();
    waits_for_place_ = true;
    large_replies_.throw_away(items_.take_items());
    items_.start(&serializer_for(request_));
    running_->restart();
  }

  void drop_call() {
    fail_call(request_, raise("DaemonError", "the server is stopping").value());
    end_call();
  }

  void finish_call() {
    if (running_->result_is_items()) return finish_items();
    const CallResult result = std::move(*running_->result());
    end_call();
    if (request_.is_oneway) return;
    if (!result) return replies_.send_exception(request_, result.error());
    replies_.send(request_, MessageType::result, {.batch = request_is_batch_}, *result);
  }

  /// The items make the reply, or have failed to.
  void finish_items() {
    if (items_.head().empty()) items_.complete();
    if (items_.error()) {
      replies_.send_unsendable(request_, *items_.error());
    } else if (!request_.is_oneway && !replies_.send_dict(request_, items_)) {
      return;  // until another turn
    }
    end_call();
  }

  void end_call() {
    running_.reset();
    waits_for_place_ = false;
    large_replies_.throw_away(items_.take_items());
    large_replies_.leave(peer_.connection);
  }

  // ---- bytes ----

  [[nodiscard]] bool accepts(Dialect dialect, std::uint16_t serializer_id) const {
    const auto name = serializer_of(dialect, serializer_id);
    const auto& accepted = settings_.accepted_serializers;
    return name && std::find(accepted.begin(), accepted.end(), *name) != accepted.end();
  }

  Result<void> inflate_payload(Message& message) const {
    if (!message.flags.compressed) return {};
    const Limits& limits = settings_.limits;
    auto inflated = inflate(message.payload, handshake_done_ ? limits.message_bytes_max : limits.handshake_bytes_max);
    if (!inflated) return forward_error(inflated);
    message.payload = std::move(*inflated);
    return {};
  }

  Result<Value> load_payload(Message& message) const {
    if (auto inflated = inflate_payload(message); !inflated) return forward_error(inflated);
    DecodeLimits limits = settings_.limits.decode;
    if (!handshake_done_) limits.value_nodes_max = settings_.limits.handshake_nodes_max;
    return serializer_for(head_of(message)).load(message.payload, limits);
  }

  Result<CallValue> load_call(Message& message) const {
    if (auto inflated = inflate_payload(message); !inflated) return forward_error(inflated);
    return serializer_for(head_of(message)).load_call(message.payload, settings_.limits.decode);
  }

  void show_call(const Message& message, std::size_t payload_bytes, const Result<CallValue>& call) const {
    ObservedMessage shown = observed(ObservedMessage::Direction::in, message);
    shown.payload_bytes = payload_bytes;
    if (call && call->object.as_str() != nullptr) shown.object = *call->object.as_str();
    if (call && call->method.as_str() != nullptr) shown.method = *call->method.as_str();
    settings_.observer->on_message(peer_, shown);
  }

  const SessionSettings& settings_;
  const ObjectTable& objects_;
  ReplySink& late_replies_;
  LargeReplies& large_replies_;
  Peer peer_;
  Framer framer_;
  DictReply items_;  ///< of the running call
  ReplyWriter replies_;
  bool handshake_done_ = false;
  bool closing_ = false;
  bool stopped_ = false;  ///< by the host
  bool has_more_to_do_ = false;
  std::uint64_t next_call_number_ = 1;
  std::optional<RunningCall> running_;
  RequestHead request_{Dialect::pyro5, 0};  ///< of the running call
  bool request_is_batch_ = false;
  bool waits_for_place_ = false;  ///< the running call, among the large replies
};

ServerSession::ServerSession(const SessionSettings& settings, const ObjectTable& objects, ReplySink& late_replies,
                             LargeReplies& large_replies, Peer peer)
    : impl_(std::make_unique<Impl>(settings, objects, late_replies, large_replies, std::move(peer))) {}
ServerSession::~ServerSession() = default;

void ServerSession::identify(std::string tls_subject, std::string tls_common_name) {
  impl_->identify(std::move(tls_subject), std::move(tls_common_name));
}
void ServerSession::receive(BytesView bytes) { impl_->receive(bytes); }
void ServerSession::resume() { impl_->resume(); }
void ServerSession::stop() { impl_->stop(); }
void ServerSession::close() { impl_->close(); }
bool ServerSession::has_output() const { return impl_->has_output(); }
bool ServerSession::has_more_to_do() const { return impl_->has_more_to_do(); }
void ServerSession::answer(std::uint64_t call_number, CallResult result) {
  impl_->answer(call_number, std::move(result));
}
Bytes ServerSession::take_output() { return impl_->take_output(); }
bool ServerSession::wants_close() const { return impl_->wants_close(); }
bool ServerSession::is_waiting() const { return impl_->is_waiting(); }
std::uint64_t ServerSession::calls() const { return impl_->calls(); }
bool ServerSession::is_handshake_done() const { return impl_->is_handshake_done(); }
bool ServerSession::is_inside_frame() const { return impl_->is_inside_frame(); }
const Peer& ServerSession::peer() const { return impl_->peer(); }

}  // namespace hearth
