/// What the first bytes of a connection tell: the dialect, by its protocol version.
///
/// Layer: wire (base only).        Thread rule: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include <hearth/dialect.h>

#include "protocol/base/bytes.h"

namespace hearth {

inline constexpr std::uint16_t pyro4_protocol_version = 48;
inline constexpr std::uint16_t pyro5_protocol_version = 502;

/// Bytes that detect_dialect() needs: tag and version.
inline constexpr std::size_t dialect_prefix_bytes = 6;

/// The dialect that the first six bytes of a connection announce; nullopt if their version is neither's. The tag "PYRO" is
/// not looked at: even to a stranger the error goes out in the dialect it seems to speak.
[[nodiscard]] std::optional<Dialect> detect_dialect(BytesView first_bytes);

}  // namespace hearth
