/// Base64 (RFC 4648, section 4), as serpent carries bytes.
///
/// Layer: base.        Thread rule: none, pure functions.
#pragma once

#include <optional>

#include "protocol/base/bytes.h"

namespace hearth {

void append_base64(Bytes& out, BytesView data);

/// nullopt unless `text` is exactly what append_base64() writes for some bytes: padded, no line breaks.
[[nodiscard]] std::optional<Bytes> decode_base64(std::string_view text);

}  // namespace hearth
