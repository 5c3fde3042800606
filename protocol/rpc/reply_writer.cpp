#include "protocol/rpc/reply_writer.h"

#include <utility>

#include "protocol/base/check.h"
#include "protocol/rpc/dialect_map.h"
#include "protocol/wire/compression.h"

namespace hearth {
namespace {

/// Most have no more, so that one allocation will do.
constexpr std::size_t usual_payload_bytes = 256;

}  // namespace

const Serializer& serializer_for(const RequestHead& head) {
  return serializer(serializer_of(head.dialect, head.serializer_id).value_or(fallback_serializer));
}

void ReplyWriter::send(const RequestHead& request, MessageType type, MessageFlags flags, const Value& value) {
  Message reply = reply_to(request, type, flags);
  reply.payload.reserve(usual_payload_bytes);
  auto dumped = serializer_for(request).dump(value, reply.payload);
  if (dumped && reply.payload.size() > settings_.limits.reply_bytes_max) {
    dumped = tl::unexpected<Error>(reply_too_large());
  }
  if (dumped) return send_whole(std::move(reply));
  if (type != MessageType::connect_fail) return send_unsendable(request, dumped.error());
  reply.payload.clear();
  HEARTH_CHECK(serializer_for(request).dump("connection refused", reply.payload).has_value());  // ASCII
  send_whole(std::move(reply));
}

void ReplyWriter::send_exception(const RequestHead& request, const RemoteException& exception) {
  send(request, MessageType::result, {.exception = true}, exception_value(exception, request.dialect));
}

/// Pyro4/core.py _sendExceptionResponse: what cannot be sent is replaced by an error that can.
void ReplyWriter::send_unsendable(const RequestHead& request, const Error& why) {
  Message reply = reply_to(request, MessageType::result, {.exception = true});
  const auto exception = raise("PyroError", "Error serializing the answer: " + why.text);
  const auto dumped = serializer_for(request).dump(exception_value(exception.value(), request.dialect), reply.payload);
  HEARTH_CHECK(dumped.has_value());  // our own words, in ASCII
  send_whole(std::move(reply));
}

Message ReplyWriter::reply_to(const RequestHead& request, MessageType type, MessageFlags flags) const {
  Message reply;
  reply.dialect = request.dialect;
  reply.type = type;
  reply.serializer_id = request.serializer_id;
  reply.flags = flags;
  reply.sequence = request.sequence;
  // Pyro4 puts no correlation id on exceptions, Pyro5 does (PYRO.md section 4, last list).
  const bool with_correlation = !(flags.exception && request.dialect == Dialect::pyro4);
  if (with_correlation) reply.correlation = request.correlation;
  return reply;
}

void ReplyWriter::send_whole(Message reply) {
  if (settings_.compress_replies && !reply.flags.exception &&
      reply.payload.size() <= settings_.limits.compress_bytes_max) {
    Compressed compressed = compress_if_smaller(std::move(reply.payload));
    reply.flags.compressed = compressed.is_compressed;
    reply.payload = std::move(compressed.bytes);
  }
  send(std::move(reply));
}

void ReplyWriter::send(Message message) {
  show(message, message.payload.size());
  append_message(output_.tail(), std::move(message), settings_.hmac_key);
}

bool ReplyWriter::is_small(const DictReply& items) const {
  return items.bytes() <= reply_block_bytes ||
         (settings_.compress_replies && items.bytes() <= settings_.limits.compress_bytes_max);
}

bool ReplyWriter::send_dict(const RequestHead& request, DictReply& items) {
  Message reply = reply_to(request, MessageType::result, {});
  if (is_small(items)) {
    signer_.reset();  // a reload may have changed what is small
    reply.payload.reserve(items.bytes());
    reply.payload = items.head();
    for (ByteBlocks blocks = items.take_items(); !blocks.empty();) reply.payload += blocks.take_front();
    send_whole(std::move(reply));
    return true;
  }
  if (request.dialect == Dialect::pyro4 && !settings_.hmac_key.empty() && !sign_block(items)) return false;
  send_in_blocks(std::move(reply), items);
  return true;
}

/// True: that was the last one.
bool ReplyWriter::sign_block(const DictReply& items) {
  if (!signer_) {
    signer_.emplace(settings_.hmac_key).add_payload(items.head());
    signed_blocks_ = 0;
  }
  signer_->add_payload(items.items().block(signed_blocks_));
  return ++signed_blocks_ == items.items().block_count();
}

void ReplyWriter::send_in_blocks(Message reply, DictReply& items) {
  show(reply, items.bytes());
  append_message_head(output_.tail(), std::move(reply), items.bytes(), signer_ ? &*signer_ : nullptr);
  signer_.reset();
  output_.tail() += items.head();
  output_.append(items.take_items());
}

void ReplyWriter::show(const Message& message, std::size_t payload_bytes) const {
  if (settings_.observer == nullptr) return;
  ObservedMessage shown = observed(ObservedMessage::Direction::out, message);
  shown.payload_bytes = payload_bytes;
  settings_.observer->on_message(peer_, shown);
}

}  // namespace hearth
