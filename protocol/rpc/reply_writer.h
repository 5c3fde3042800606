/// ReplyWriter: the way out of a server session: answers become messages, messages become blocks of bytes for the stream.
///
/// Layer: rpc, private to the server session.        Thread rule: that of the session.
/// What cannot be sent is replaced by an exception that says why.
#pragma once

#include <cstdint>
#include <optional>

#include "protocol/base/byte_blocks.h"
#include "protocol/rpc/dict_reply.h"
#include "protocol/rpc/session_settings.h"
#include "protocol/wire/hmac.h"
#include "protocol/wire/message.h"

namespace hearth {

/// The part of a request that its reply repeats.
struct RequestHead {
  Dialect dialect;
  std::uint16_t serializer_id;
  std::uint16_t sequence = 0;
  std::optional<CorrelationId> correlation = std::nullopt;
  bool is_oneway = false;
};

/// What Pyro answers while no serializer has been agreed on (PYRO.md section 2).
inline constexpr SerializerName fallback_serializer = SerializerName::marshal;

[[nodiscard]] const Serializer& serializer_for(const RequestHead& head);

class ReplyWriter {
 public:
  /// Both must outlive it.
  ReplyWriter(const SessionSettings& settings, const Peer& peer) : settings_(settings), peer_(peer) {}

  void send(const RequestHead& request, MessageType type, MessageFlags flags, const Value& value);
  void send_exception(const RequestHead& request, const RemoteException& exception);
  /// In place of a result that cannot be sent.
  void send_unsendable(const RequestHead& request, const Error& why);
  void send(Message message);

  /// The result is the dict of `items`, which are complete. False: there is more to do, call it again in another turn.
  [[nodiscard]] bool send_dict(const RequestHead& request, DictReply& items);

  /// What has been sent and not been taken yet.
  [[nodiscard]] ByteBlocks& output() { return output_; }
  [[nodiscard]] const ByteBlocks& output() const { return output_; }

 private:
  [[nodiscard]] Message reply_to(const RequestHead& request, MessageType type, MessageFlags flags) const;
  void send_whole(Message reply);
  void send_in_blocks(Message reply, DictReply& items);
  [[nodiscard]] bool is_small(const DictReply& items) const;
  [[nodiscard]] bool sign_block(const DictReply& items);
  void show(const Message& message, std::size_t payload_bytes) const;

  const SessionSettings& settings_;
  const Peer& peer_;
  ByteBlocks output_;
  std::optional<MessageSigner> signer_;  ///< while a reply in blocks is being signed
  std::size_t signed_blocks_ = 0;
};

}  // namespace hearth
