/// ClientSession: the client end of one connection, without its socket: calls in, bytes out, bytes in,
/// replies out.
///
/// Layer: rpc (no socket, clock, thread or log).        Thread rule: none, plain object.
/// Order: replies come in the order of the calls; more than one call may be under way.
/// Errors: connect() and invoke() fail without harm when their arguments cannot be sent. An error of
/// next() is sticky: the connection is out of step and must be closed.
/// Limits: a reply up to Limits::reply_bytes_max is read; unlike requests, replies are asked for.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <hearth/annotation.h>
#include <hearth/dialect.h>
#include <hearth/result.h>

#include "protocol/base/bytes.h"
#include "protocol/base/limits.h"
#include "protocol/rpc/python_exceptions.h"
#include "protocol/serial/serializer.h"
#include "protocol/wire/framer.h"
#include "protocol/wire/hmac.h"
#include "protocol/wire/message.h"

namespace hearth {

struct ClientSessionSettings {
  Dialect dialect = Dialect::pyro5;
  SerializerName serializer = SerializerName::serpent;
  bool compress_requests = false;  ///< payloads of 200 bytes and more, where it makes them smaller
  std::string hmac_key = {};       ///< empty: none. Pyro4 only, Pyro5 cannot sign
  std::optional<CorrelationId> correlation = std::nullopt;  ///< sent with every message
  Limits limits = {};
};

/// The server has accepted the connection.
struct Connected {
  Value handshake;  ///< what it answered to ours: "hello" by default
  Value metadata;   ///< {"methods": …, "oneway": …, "attrs": …}; None if it sent none
};

/// The server has refused the connection, and closes it.
struct Refused {
  std::string reason;
};

/// The server speaks the other dialect and has understood nothing: connect anew, in that dialect.
struct OtherDialect {
  Dialect dialect;
};

/// The call's result is an iterator: its items are to be fetched one by one (item_stream.h).
struct ItemStreamOpened {
  std::string id;
};

/// The results of a batch up to its first failure, which is the last of them.
using BatchResults = std::vector<CallResult>;

using Reply = std::variant<Connected, Refused, OtherDialect, CallResult, BatchResults, ItemStreamOpened>;

struct InvokeOptions {
  bool oneway = false;  ///< there will be no reply
  bool batch = false;   ///< the call is `<batch>`, its args a list of (method, args, kwargs)
  std::vector<Annotation> annotations = {};
  DictItemSink on_dict_item = {};  ///< gets the items of the result, which must be a dict; the result is None then
};

class ClientSession {
 public:
  explicit ClientSession(ClientSessionSettings settings);

  /// The message that opens the connection to the object. Once, and before everything else.
  [[nodiscard]] Result<Bytes> connect(Value handshake, std::string_view object_id,
                                      std::vector<Annotation> annotations = {});

  /// The message of one call. Only after Connected has come.
  [[nodiscard]] Result<Bytes> invoke(CallValue call, InvokeOptions options = {});

  void receive(BytesView bytes);

  /// nullopt: needs more bytes.
  [[nodiscard]] Result<std::optional<Reply>> next();

  /// What came with the last reply that next() gave, but for Pyro's own. Valid until the next of those.
  [[nodiscard]] const std::vector<Annotation>& annotations() const { return annotations_; }

  /// Set once next() has failed because the server signs otherwise than the settings' key wants it.
  [[nodiscard]] std::optional<HmacVerdict> signature_fault() const { return signature_fault_; }

 private:
  enum class State : unsigned char { fresh, connecting, connected, ended };
  struct PendingCall {
    std::uint16_t sequence;
    bool is_batch;
    DictItemSink on_dict_item;
  };

  [[nodiscard]] Result<Bytes> pack(MessageType type, MessageFlags flags, std::vector<Annotation> annotations,
                                   Bytes payload) const;
  [[nodiscard]] Result<Reply> read(Message message);
  [[nodiscard]] Result<Reply> read_connect_reply(Message message);
  [[nodiscard]] Result<Reply> read_result(Message message);
  [[nodiscard]] Result<void> check_signature(const Message& message);
  /// None if there is a sink, which gets the items of a dict.
  [[nodiscard]] Result<Value> load_payload(Message& message, const DictItemSink& on_dict_item = {}) const;

  const ClientSessionSettings settings_;
  DecodeLimits decode_limits_;
  Framer framer_;
  State state_ = State::fresh;
  std::uint16_t sequence_ = 0;
  std::deque<PendingCall> pending_;
  std::vector<Annotation> annotations_;
  std::optional<Error> error_;
  std::optional<HmacVerdict> signature_fault_;
};

}  // namespace hearth
