/// The two wire headers: bytes to Header and back. Everything that differs between them ends here.
///
/// Layer: wire.        Thread rule: none, pure functions.
/// Sources: PYRO.md section 1; Pyro4/message.py; Pyro5/protocol.py.
#pragma once

#include <hearth/result.h>

#include "protocol/base/bytes.h"
#include "protocol/wire/message.h"

namespace hearth {

inline constexpr std::size_t header_v48_bytes = 24;
inline constexpr std::size_t header_v502_bytes = 40;

[[nodiscard]] constexpr std::size_t header_bytes(Dialect dialect) {
  return dialect == Dialect::pyro4 ? header_v48_bytes : header_v502_bytes;
}

/// `bytes` are exactly header_bytes(dialect) long. Errors are ErrorKind::malformed with the text that the reference answers.
[[nodiscard]] Result<Header> parse_header(Dialect dialect, BytesView bytes);

void append_header(Bytes& out, const Header& header);

// One file each: header_v48.cpp, header_v502.cpp.
[[nodiscard]] Result<Header> parse_header_v48(BytesView bytes);
[[nodiscard]] Result<Header> parse_header_v502(BytesView bytes);
void append_header_v48(Bytes& out, const Header& header);
void append_header_v502(Bytes& out, const Header& header);

}  // namespace hearth
