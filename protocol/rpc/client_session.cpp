#include "protocol/rpc/client_session.h"

#include <utility>

#include "protocol/base/check.h"
#include "protocol/rpc/dialect_map.h"
#include "protocol/wire/annotations.h"
#include "protocol/wire/compression.h"
#include "protocol/wire/hmac.h"

namespace hearth {
namespace {

/// What the length field of a Pyro4 header holds, which is signed; nobody sends Pyro5 servers more either.
constexpr std::size_t request_bytes_max = 0x7FFFFFFF;

/// Most have no more, so that one allocation will do.
constexpr std::size_t usual_request_bytes = 256;

Result<RemoteException> read_exception(const Value& value) {
  auto exception = exception_from_value(value);
  if (!exception) return fail(ErrorKind::malformed, "the server reported an exception that cannot be read");
  return std::move(*exception);
}

/// Clients that know no item streams get to see an exception; those that do, the id.
Result<Reply> read_item_stream(const Message& message) {
  const Annotation* id = message.find_annotation(item_stream_annotation);
  if (id != nullptr && !id->data.empty()) return Reply(ItemStreamOpened{id->data});
  return Reply(CallResult(
      raise("ProtocolError", "result of call is an iterator, but the server is not configured to allow streaming")));
}

Result<Reply> read_batch(Value value) {
  std::vector<Value>* items = value.as_items();
  if (items == nullptr) return fail(ErrorKind::malformed, "the server's answer to a batch is no list of results");
  BatchResults results;
  results.reserve(items->size());
  for (Value& item : *items) {
    const Value* wrapped = unwrap_batch_exception(item);
    if (wrapped == nullptr) {
      results.emplace_back(std::move(item));
      continue;
    }
    auto exception = read_exception(*wrapped);
    if (!exception) return forward_error(exception);
    results.emplace_back(tl::unexpect, std::move(*exception));
  }
  return Reply(std::move(results));
}

}  // namespace

ClientSession::ClientSession(ClientSessionSettings settings)
    : settings_(std::move(settings)),
      decode_limits_(settings_.limits.decode),
      framer_(settings_.limits.reply_bytes_max) {
  decode_limits_.value_nodes_max = settings_.limits.reply_value_nodes_max;
}

// ---- requests ----

Result<Bytes> ClientSession::connect(Value handshake, std::string_view object_id, std::vector<Annotation> annotations) {
  HEARTH_CHECK(state_ == State::fresh);
  if (is_pickle(settings_.serializer))
    return fail(ErrorKind::unsupported,
                std::string(to_string(settings_.serializer)) + " is for clients in Python only");
  Dict data;
  data.add("handshake", std::move(handshake));
  data.add("object", object_id);
  Bytes payload;
  if (auto dumped = serializer(settings_.serializer).dump(data, payload); !dumped) return forward_error(dumped);
  auto bytes = pack(MessageType::connect, {.meta_on_connect = true}, std::move(annotations), std::move(payload));
  if (bytes) state_ = State::connecting;
  return bytes;
}

Result<Bytes> ClientSession::invoke(CallValue call, InvokeOptions options) {
  HEARTH_CHECK(state_ == State::connected);
  Bytes payload;
  payload.reserve(usual_request_bytes);
  if (auto dumped = serializer(settings_.serializer).dump_call(std::move(call), payload); !dumped) {
    return forward_error(dumped);
  }
  ++sequence_;
  auto bytes = pack(MessageType::invoke, {.oneway = options.oneway, .batch = options.batch},
                    std::move(options.annotations), std::move(payload));
  if (bytes && !options.oneway) pending_.push_back({sequence_, options.batch, std::move(options.on_dict_item)});
  return bytes;
}

Result<Bytes> ClientSession::pack(MessageType type, MessageFlags flags, std::vector<Annotation> annotations,
                                  Bytes payload) const {
  if (auto good = check_annotations(settings_.dialect, annotations); !good) return forward_error(good);
  Message message;
  message.dialect = settings_.dialect;
  message.type = type;
  message.serializer_id = wire_id(settings_.dialect, settings_.serializer);
  message.flags = flags;
  message.sequence = sequence_;
  message.correlation = settings_.correlation;
  message.annotations = std::move(annotations);
  message.payload = std::move(payload);
  if (settings_.compress_requests) {
    Compressed compressed = compress_if_smaller(std::move(message.payload));
    message.flags.compressed = compressed.is_compressed;
    message.payload = std::move(compressed.bytes);
  }
  if (message.payload.size() > request_bytes_max) {
    return fail(ErrorKind::limit, "a message may have at most " + std::to_string(request_bytes_max) + " bytes");
  }
  Bytes out;
  append_message(out, std::move(message), settings_.hmac_key);
  return out;
}

// ---- replies ----

void ClientSession::receive(BytesView bytes) { framer_.append(bytes); }

Result<std::optional<Reply>> ClientSession::next() {
  if (error_) return tl::unexpected<Error>(*error_);
  if (state_ == State::ended) return std::nullopt;
  auto message = framer_.next();
  if (!message) {
    error_ = std::move(message.error());
    if (error_->kind == ErrorKind::malformed) error_->text = "what answers does not speak Pyro (" + error_->text + ")";
    return tl::unexpected<Error>(*error_);
  }
  if (!*message) return std::nullopt;
  auto reply = read(std::move(**message));
  if (!reply) {
    error_ = std::move(reply.error());
    return tl::unexpected<Error>(*error_);
  }
  return std::optional<Reply>(std::move(*reply));
}

Result<Reply> ClientSession::read(Message message) {
  if (state_ == State::connecting && message.dialect != settings_.dialect) {
    state_ = State::ended;
    return Reply(OtherDialect{message.dialect});
  }
  if (auto good = check_signature(message); !good) return forward_error(good);
  annotations_.clear();
  for (Annotation& annotation : message.annotations) {
    if (!is_pyro_annotation(annotation.id)) annotations_.push_back(annotation);
  }
  if (state_ == State::connecting) return read_connect_reply(std::move(message));
  return read_result(std::move(message));
}

Result<void> ClientSession::check_signature(const Message& message) {
  if (message.dialect == Dialect::pyro5) return {};
  const HmacVerdict verdict = verify_hmac(message, settings_.hmac_key);
  if (verdict == HmacVerdict::good) return {};
  signature_fault_ = verdict;
  if (verdict == HmacVerdict::mismatch) return fail(ErrorKind::unsupported, "the server has another HMAC key");
  if (settings_.hmac_key.empty()) return fail(ErrorKind::unsupported, "the server requires an HMAC key");
  return fail(ErrorKind::unsupported, "the server does not use the HMAC key that this client has");
}

Result<Reply> ClientSession::read_connect_reply(Message message) {
  if (message.type != MessageType::connect_ok && message.type != MessageType::connect_fail) {
    return fail(ErrorKind::malformed,
                "invalid msg type " + std::to_string(static_cast<unsigned>(message.type)) + " received");
  }
  auto data = load_payload(message);
  if (!data) return forward_error(data);
  if (message.type == MessageType::connect_fail) {
    state_ = State::ended;
    const std::string* reason = data->as_str();
    return Reply(Refused{reason != nullptr ? *reason : "no reason given"});
  }
  state_ = State::connected;
  const bool has_metadata = message.dialect == Dialect::pyro5 || message.flags.meta_on_connect;
  if (!has_metadata) return Reply(Connected{std::move(*data), None{}});
  Dict* parts = data->as<Dict>();
  Value* handshake = parts == nullptr ? nullptr : parts->find("handshake");
  Value* metadata = parts == nullptr ? nullptr : parts->find("meta");
  if (handshake == nullptr || metadata == nullptr) {
    return fail(ErrorKind::malformed, "the server's answer to the handshake lacks its parts");
  }
  return Reply(Connected{std::move(*handshake), std::move(*metadata)});
}

Result<Reply> ClientSession::read_result(Message message) {
  if (message.type != MessageType::result) {
    return fail(ErrorKind::malformed,
                "invalid msg type " + std::to_string(static_cast<unsigned>(message.type)) + " received");
  }
  if (pending_.empty()) return fail(ErrorKind::malformed, "the server answered a call that nobody made");
  const PendingCall call = std::move(pending_.front());
  pending_.pop_front();
  if (message.sequence != call.sequence) {
    return fail(ErrorKind::malformed, "invoke: reply sequence out of sync, got " + std::to_string(message.sequence) +
                                          " expected " + std::to_string(call.sequence));
  }
  // A server that refuses our serializer says so in one that it knows.
  const bool is_ours = message.serializer_id == wire_id(settings_.dialect, settings_.serializer);
  if (!is_ours && !message.flags.exception) {
    return fail(ErrorKind::malformed, "invalid serializer in response: " + std::to_string(message.serializer_id));
  }
  if (message.flags.item_stream) return read_item_stream(message);
  auto value = load_payload(message, message.flags.exception ? DictItemSink() : call.on_dict_item);
  if (!value) return forward_error(value);
  if (message.flags.exception) {
    auto exception = read_exception(*value);
    if (!exception) return forward_error(exception);
    return Reply(CallResult(tl::unexpect, std::move(*exception)));
  }
  if (call.is_batch) return read_batch(std::move(*value));
  return Reply(CallResult(std::move(*value)));
}

Result<Value> ClientSession::load_payload(Message& message, const DictItemSink& on_dict_item) const {
  const auto name = serializer_of(message.dialect, message.serializer_id);
  if (!name)
    return fail(ErrorKind::unsupported, "the server answered in serializer " + std::to_string(message.serializer_id));
  if (message.flags.compressed) {
    auto inflated = inflate(message.payload, settings_.limits.reply_bytes_max);
    if (!inflated) return forward_error(inflated);
    message.payload = std::move(*inflated);
  }
  if (!on_dict_item) return serializer(*name).load(message.payload, decode_limits_);
  auto loaded = serializer(*name).load_dict_items(message.payload, decode_limits_, on_dict_item);
  if (!loaded) return forward_error(loaded);
  return Value();
}

}  // namespace hearth
