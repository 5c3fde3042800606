/// The table of limits: how each member of Limits is called, how low and how high an operator may set it.
///
/// Layer: nameserver/options.        Thread rule: constant data.
/// What a limit is for, its unit and its default stand in protocol/base/limits.h. The bounds here keep a server with any
/// combination of them alive and usable: no 0 that refuses every call, no depth that overflows the stack, no work that
/// holds the loop for long. A new member of Limits is one row; a test counts them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "protocol/base/limits.h"

namespace hearth {

enum class LimitUnit : unsigned char { count, bytes, milliseconds };

struct Limit {
  std::string_view name;  ///< the member's, with dashes
  std::variant<std::uint32_t Limits::*, std::size_t Limits::*, std::uint32_t DecodeLimits::*> member;
  LimitUnit unit;
  std::uint64_t min;  ///< lowest that is accepted
  std::uint64_t max;  ///< highest that is accepted; fits the member's type
};

[[nodiscard]] std::span<const Limit> limit_table();

/// nullptr: there is none of that name.
[[nodiscard]] const Limit* find_limit(std::string_view name);

[[nodiscard]] std::uint64_t limit_value(const Limit& limit, const Limits& limits);
/// Bounds are the reader's business: what lowers a limit to fit the system may go below min. `value` fits the member's type.
void set_limit(const Limit& limit, std::uint64_t value, Limits& limits);

}  // namespace hearth
