#include "protocol/wire/framer.h"

#include <algorithm>
#include <utility>

#include "protocol/wire/annotations.h"
#include "protocol/wire/detect_dialect.h"
#include "protocol/wire/header.h"

namespace hearth {
namespace {

/// An idle connection keeps no more than this of its buffer.
constexpr std::size_t idle_buffer_bytes_max = 512;

std::optional<CorrelationId> correlation_of(const std::vector<Annotation>& annotations) {
  for (const Annotation& annotation : annotations) {
    if (annotation.id != correlation_annotation || annotation.data.size() != CorrelationId{}.size()) continue;
    CorrelationId id;
    std::copy(annotation.data.begin(), annotation.data.end(), id.begin());
    return id;
  }
  return std::nullopt;
}

}  // namespace

void Framer::append(BytesView bytes) {
  if (!error_) buffer_.append(bytes);
}

void Framer::consume(std::size_t count) {
  consumed_ += count;
  if (consumed_ == buffer_.size()) {
    buffer_.clear();
    consumed_ = 0;
    if (buffer_.capacity() > idle_buffer_bytes_max) buffer_.shrink_to_fit();
  } else if (consumed_ > buffer_.size() / 2) {
    buffer_.erase(0, consumed_);
    consumed_ = 0;
  }
}

tl::unexpected<Error> Framer::poison(Error error) {
  error_ = std::move(error);
  buffer_ = Bytes();
  consumed_ = 0;
  return tl::unexpected<Error>(*error_);
}

/// Sets header_ when it is complete and its sizes are acceptable; false: needs more bytes.
Result<bool> Framer::read_header() {
  if (!dialect_) {
    if (unread().size() < dialect_prefix_bytes) return false;
    dialect_ = detect_dialect(unread());
    if (!dialect_) {
      dialect_ = Dialect::pyro5;
      // A stranger (an HTTP client, say) may never send a whole header: refuse what six bytes already show.
      Bytes padded(unread().substr(0, dialect_prefix_bytes));
      padded.resize(header_v502_bytes);
      return poison(std::move(parse_header_v502(padded).error()));
    }
  }
  const std::size_t needed = header_bytes(*dialect_);
  if (unread().size() < needed) return false;
  auto parsed = parse_header(*dialect_, unread().substr(0, needed));
  if (!parsed) return poison(std::move(parsed.error()));
  header_ = *parsed;
  const std::uint64_t announced = std::uint64_t{header_->payload_bytes} + header_->annotations_bytes;
  if (announced > message_bytes_max_) {
    return poison({ErrorKind::limit, "max message size exceeded (" + std::to_string(announced) +
                                         " where max=" + std::to_string(message_bytes_max_) + ")"});
  }
  return true;
}

Result<std::optional<Message>> Framer::next() {
  if (error_) return tl::unexpected<Error>(*error_);
  if (!header_) {
    auto complete = read_header();
    if (!complete) return forward_error(complete);
    if (!*complete) return std::nullopt;
  }
  const std::size_t head = header_bytes(*dialect_);
  const std::size_t whole = head + header_->annotations_bytes + header_->payload_bytes;
  if (unread().size() < whole) return std::nullopt;

  auto annotations = parse_annotations(*dialect_, unread().substr(head, header_->annotations_bytes));
  if (!annotations) return poison(std::move(annotations.error()));
  Message message;
  message.dialect = *dialect_;
  message.type = header_->type;
  message.serializer_id = header_->serializer_id;
  message.flags = header_->flags;
  message.sequence = header_->sequence;
  message.correlation = *dialect_ == Dialect::pyro4 ? correlation_of(*annotations) : header_->correlation;
  message.annotations = std::move(*annotations);
  const std::size_t payload_at = head + header_->annotations_bytes;
  const std::size_t payload_bytes = header_->payload_bytes;
  header_.reset();
  if (consumed_ == 0 && buffer_.size() == whole && payload_bytes > idle_buffer_bytes_max) {
    // Nothing is behind it: what may be the largest thing in the process need not be held twice.
    message.payload = std::exchange(buffer_, Bytes());
    message.payload.erase(0, payload_at);
    return message;
  }
  message.payload = Bytes(unread().substr(payload_at, payload_bytes));
  consume(whole);
  return message;
}

}  // namespace hearth
