/// repr(): a Value as Python's repr() would print it.
///
/// Layer: value, public.        Thread rule: none, pure function.
#pragma once

#include <string>

#include <hearth/api.h>
#include <hearth/value.h>

namespace HEARTH_API hearth {

/// Any value; sets and dicts in their stored order, an empty set as "set()". Text that Python calls printable stays as it is,
/// all else is escaped: safe to show on a terminal.
[[nodiscard]] HEARTH_API std::string repr(const Value& value);

}  // namespace hearth
