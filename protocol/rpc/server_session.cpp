#include "protocol/rpc/server_session.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "protocol/base/check.h"
#include "protocol/rpc/class_dicts.h"
#include "protocol/rpc/dialect_map.h"
#include "protocol/rpc/running_call.h"
#include "protocol/wire/compression.h"
#include "protocol/wire/framer.h"
#include "protocol/wire/hmac.h"

namespace hearth {
namespace {

/// What Pyro answers while no serializer has been agreed on (PYRO.md section 2).
constexpr SerializerName fallback_serializer = SerializerName::marshal;

/// The part of a request that its reply repeats.
struct RequestHead {
  Dialect dialect;
  std::uint16_t serializer_id;
  std::uint16_t sequence = 0;
  std::optional<CorrelationId> correlation = std::nullopt;
  bool is_oneway = false;
};

RequestHead head_of(const Message& message) {
  return {message.dialect, message.serializer_id, message.sequence, message.correlation, message.flags.oneway};
}

}  // namespace

class ServerSession::Impl {
 public:
  Impl(const SessionSettings& settings, const ObjectTable& objects, ReplySink& late_replies, Peer peer)
      : settings_(settings),
        objects_(objects),
        late_replies_(late_replies),
        peer_(std::move(peer)),
        framer_(settings.limits.handshake_bytes_max) {}

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
    while (!closing_ && !stopped_) {
      if (running_ && !running_->wants_turn()) return;
      if (has_worked || output_.size() >= settings_.limits.write_queue_bytes_max) {
        has_more_to_do_ = running_ || framer_.is_inside_frame();
        return;
      }
      has_worked = true;
      if (running_) {
        running_->advance();
        finish_call();
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
    has_more_to_do_ = false;
    if (!running_) return;
    running_->stop();
    running_->advance();
    finish_call();
  }

  void answer(std::uint64_t call_number, CallResult result) {
    if (!running_) return;
    running_->answer(call_number, std::move(result));
    running_->advance();
    finish_call();
    resume();
  }

  Bytes take_output() { return std::exchange(output_, Bytes()); }
  [[nodiscard]] bool wants_close() const { return closing_; }
  [[nodiscard]] bool is_waiting() const { return running_.has_value(); }
  [[nodiscard]] bool has_more_to_do() const { return has_more_to_do_ && !closing_; }
  [[nodiscard]] bool is_handshake_done() const { return handshake_done_; }
  [[nodiscard]] bool is_inside_frame() const { return !closing_ && framer_.is_inside_frame(); }
  [[nodiscard]] const Peer& peer() const { return peer_; }

 private:
  void on_message(Message message) {
    const auto refusal = unsigned_reason(message);
    // A call is shown once it has been decoded, so that its method can be told.
    if (settings_.observer != nullptr && (refusal || !carries_call(message))) {
      show(observed(ObservedMessage::Direction::in, message));
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
    send_exception(head, raise(type, std::move(reason)).value());
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
    send(head, MessageType::connect_fail, {}, Value(std::move(reason)));
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
    const bool with_metadata = head.dialect == Dialect::pyro5 || message.flags.meta_on_connect;
    if (!with_metadata) {
      handshake_done_ = true;
      return send(head, MessageType::connect_ok, {}, Value("hello"));
    }
    const Value* id = dict->find("object");
    if (id == nullptr) return send_connect_fail(head, "'object'");
    const RemoteObject* object = id->as_str() == nullptr ? nullptr : objects_.find(*id->as_str());
    if (object == nullptr) return send_connect_fail(head, "unknown object");
    handshake_done_ = true;
    Dict answer;
    answer.add("handshake", "hello");
    answer.add("meta", object_metadata(*object, head.dialect, head.dialect == Dialect::pyro4));
    send(head, MessageType::connect_ok, {.meta_on_connect = head.dialect == Dialect::pyro4}, answer);
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
    send(std::move(pong));
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
    const RunningCall::Context context{objects_,     late_replies_,     peer_,
                                       head.dialect, next_call_number_, settings_.limits};
    running_.emplace(context, std::move(*call), message.flags.batch);
    next_call_number_ = running_->end_number();
    running_->advance();
    finish_call();
  }

  void fail_call(const RequestHead& head, const RemoteException& exception) {
    if (!head.is_oneway) send_exception(head, exception);
  }

  /// Sends the result of the running call, if it is complete.
  void finish_call() {
    if (!running_->result()) return;
    CallResult result = std::move(*running_->result());
    running_.reset();
    if (request_.is_oneway) return;
    if (!result) return send_exception(request_, result.error());
    send(request_, MessageType::result, {.batch = request_is_batch_}, *result);
  }

  // ---- bytes ----

  [[nodiscard]] bool accepts(Dialect dialect, std::uint16_t serializer_id) const {
    const auto name = serializer_of(dialect, serializer_id);
    const auto& accepted = settings_.accepted_serializers;
    return name && std::find(accepted.begin(), accepted.end(), *name) != accepted.end();
  }

  static const Serializer& serializer_for(const RequestHead& head) {
    return serializer(serializer_of(head.dialect, head.serializer_id).value_or(fallback_serializer));
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

  void send_exception(const RequestHead& head, const RemoteException& exception) {
    send(head, MessageType::result, {.exception = true}, exception_value(exception, head.dialect));
  }

  void send(const RequestHead& head, MessageType type, MessageFlags flags, const Value& value) {
    Message reply;
    reply.dialect = head.dialect;
    reply.type = type;
    reply.serializer_id = head.serializer_id;
    reply.flags = flags;
    reply.sequence = head.sequence;
    if (auto dumped = dump_answer(head, value, reply.payload); !dumped) {
      replace_undumpable(head, dumped.error(), reply);
    }
    if (settings_.compress_replies && !reply.flags.exception &&
        reply.payload.size() <= settings_.limits.compress_bytes_max) {
      Compressed compressed = compress_if_smaller(std::move(reply.payload));
      reply.flags.compressed = compressed.is_compressed;
      reply.payload = std::move(compressed.bytes);
    }
    // Pyro4 puts no correlation id on exceptions, Pyro5 does (PYRO.md section 4, last list).
    const bool with_correlation = !(reply.flags.exception && head.dialect == Dialect::pyro4);
    if (with_correlation) reply.correlation = head.correlation;
    send(std::move(reply));
  }

  void send(Message message) {
    if (settings_.observer != nullptr) show(observed(ObservedMessage::Direction::out, message));
    append_message(output_, std::move(message), settings_.hmac_key);
  }

  Result<void> dump_answer(const RequestHead& head, const Value& value, Bytes& payload) const {
    if (auto dumped = serializer_for(head).dump(value, payload); !dumped) return dumped;
    if (payload.size() <= settings_.limits.reply_bytes_max) return {};
    return fail(ErrorKind::limit, "it is larger than this server sends; ask for less, by a prefix");
  }

  /// Pyro4/core.py _sendExceptionResponse: what cannot be sent is replaced by an error that can.
  static void replace_undumpable(const RequestHead& head, const Error& error, Message& reply) {
    reply.payload.clear();
    Value replacement = "connection refused";
    if (reply.type != MessageType::connect_fail) {
      reply.flags = {.exception = true};
      replacement =
          exception_value(raise("PyroError", "Error serializing the answer: " + error.text).value(), head.dialect);
    }
    const auto dumped = serializer_for(head).dump(replacement, reply.payload);
    HEARTH_CHECK(dumped.has_value());  // our own words, in ASCII
  }

  // ---- for the observer ----

  static ObservedMessage observed(ObservedMessage::Direction direction, const Message& message) {
    return {direction,
            message.dialect,
            message.type,
            message.flags,
            message.sequence,
            message.serializer_id,
            serializer_of(message.dialect, message.serializer_id),
            message.payload.size()};
  }

  void show(const ObservedMessage& message) const { settings_.observer->on_message(peer_, message); }

  void show_call(const Message& message, std::size_t payload_bytes, const Result<CallValue>& call) const {
    ObservedMessage shown = observed(ObservedMessage::Direction::in, message);
    shown.payload_bytes = payload_bytes;
    if (call && call->object.as_str() != nullptr) shown.object = *call->object.as_str();
    if (call && call->method.as_str() != nullptr) shown.method = *call->method.as_str();
    show(shown);
  }

  const SessionSettings& settings_;
  const ObjectTable& objects_;
  ReplySink& late_replies_;
  Peer peer_;
  Framer framer_;
  Bytes output_;
  bool handshake_done_ = false;
  bool closing_ = false;
  bool stopped_ = false;  ///< by the host
  bool has_more_to_do_ = false;
  std::uint64_t next_call_number_ = 1;
  std::optional<RunningCall> running_;
  RequestHead request_{Dialect::pyro5, 0};  ///< of the running call
  bool request_is_batch_ = false;
};

ServerSession::ServerSession(const SessionSettings& settings, const ObjectTable& objects, ReplySink& late_replies,
                             Peer peer)
    : impl_(std::make_unique<Impl>(settings, objects, late_replies, std::move(peer))) {}
ServerSession::~ServerSession() = default;

void ServerSession::identify(std::string tls_subject, std::string tls_common_name) {
  impl_->identify(std::move(tls_subject), std::move(tls_common_name));
}
void ServerSession::receive(BytesView bytes) { impl_->receive(bytes); }
void ServerSession::resume() { impl_->resume(); }
void ServerSession::stop() { impl_->stop(); }
bool ServerSession::has_more_to_do() const { return impl_->has_more_to_do(); }
void ServerSession::answer(std::uint64_t call_number, CallResult result) {
  impl_->answer(call_number, std::move(result));
}
Bytes ServerSession::take_output() { return impl_->take_output(); }
bool ServerSession::wants_close() const { return impl_->wants_close(); }
bool ServerSession::is_waiting() const { return impl_->is_waiting(); }
bool ServerSession::is_handshake_done() const { return impl_->is_handshake_done(); }
bool ServerSession::is_inside_frame() const { return impl_->is_inside_frame(); }
const Peer& ServerSession::peer() const { return impl_->peer(); }

}  // namespace hearth
