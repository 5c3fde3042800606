/// What Python asks of dict keys and set elements when a decoder builds them: hashable, and in a set only
/// once.
///
/// Layer: value.        Thread rule: none, pure functions.
/// Errors: ErrorKind::malformed with the text of Python's TypeError.
#pragma once

#include <vector>

#include <hearth/result.h>
#include <hearth/value.h>

namespace hearth {

/// "unhashable type: 'list'" unless `value` may be a dict key or a set element.
[[nodiscard]] Result<void> check_hashable(const Value& value);

/// Checks every element, then drops all but the first of equal ones, in their order. Equal are equal scalars
/// (1, 1.0 and True too, as in Python); tuples and complex numbers are kept as they are, since nothing relies
/// on uniqueness.
[[nodiscard]] Result<Set> make_checked_set(std::vector<Value> items);

}  // namespace hearth
