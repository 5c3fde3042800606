/// The HMAC of Pyro4 messages (PYRO.md section 1; Pyro4/message.py Message.hmac): HMAC-SHA1 over the payload as sent, then the
/// values of the annotations other than HMAC in the order of their ids.
///
/// Layer: wire.        Thread rule: none, plain objects.
#pragma once

#include <memory>
#include <span>

#include "protocol/base/bytes.h"
#include "protocol/wire/message.h"

struct evp_mac_ctx_st;

namespace hearth {

/// Signs one message, whose payload it may be given in pieces.
class MessageSigner {
 public:
  explicit MessageSigner(BytesView key);

  void add_payload(BytesView piece);
  /// Once, after the whole payload.
  [[nodiscard]] Bytes sign(std::span<const Annotation> annotations);

 private:
  struct Release {
    void operator()(evp_mac_ctx_st* context) const;
  };
  std::unique_ptr<evp_mac_ctx_st, Release> context_;
};

enum class HmacVerdict : unsigned char { good, mismatch, not_symmetric };

/// Whether the message is signed as a holder of `key` must sign it (empty key: must not be signed). Compares in constant time.
[[nodiscard]] HmacVerdict verify_hmac(const Message& message, BytesView key);

}  // namespace hearth
