/// The flag bits of each dialect, as one table: bit 4 and upwards mean different things (PYRO.md section 1).
///
/// Layer: wire, private to the header codecs.        Thread rule: none.
#pragma once

#include <cstdint>

#include "protocol/wire/message.h"

namespace hearth {

/// 0: the dialect has no such flag.
struct FlagBits {
  std::uint16_t exception;
  std::uint16_t compressed;
  std::uint16_t oneway;
  std::uint16_t batch;
  std::uint16_t meta_on_connect;
  std::uint16_t item_stream;
  std::uint16_t keep_serialized;
};

inline constexpr FlagBits flag_bits_v48{1, 2, 4, 8, 16, 32, 64};
inline constexpr FlagBits flag_bits_v502{1, 2, 4, 8, 0, 16, 32};

[[nodiscard]] MessageFlags flags_from_bits(std::uint16_t raw, const FlagBits& bits);
[[nodiscard]] std::uint16_t bits_from_flags(const MessageFlags& flags, const FlagBits& bits);

}  // namespace hearth
