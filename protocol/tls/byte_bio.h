/// The BIO between OpenSSL and two byte buffers: OpenSSL reads from the one and appends to the other. Private to protocol/tls.
///
/// Layer: tls.        Thread rule: one thread at a time.
/// Like a pair of memory BIOs, but without their copies, and nothing stays allocated while a connection is idle.
#pragma once

#include "protocol/base/bytes.h"
#include "protocol/tls/openssl.h"

namespace hearth {

struct ByteChannel {
  BytesView input;  ///< valid while a function of OpenSSL runs; what it has read is cut off
  Bytes output;
};

/// `channel` must outlive it.
[[nodiscard]] BioPtr make_byte_bio(ByteChannel& channel);

}  // namespace hearth
