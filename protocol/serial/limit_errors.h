/// The errors of a decoder that meets more than its DecodeLimits allow: the same words in every format.
///
/// Layer: serial.        Thread rule: none, pure functions.
#pragma once

#include <string>

#include <hearth/result.h>

#include "protocol/base/limits.h"

namespace hearth {

[[nodiscard]] inline Error too_many_values(const DecodeLimits& limits) {
  return {ErrorKind::limit, "more than " + std::to_string(limits.value_nodes_max) + " values"};
}

[[nodiscard]] inline Error too_deep(const DecodeLimits& limits) {
  return {ErrorKind::limit, "nested more than " + std::to_string(limits.nesting_max) + " levels deep"};
}

[[nodiscard]] inline Error int_too_long(const DecodeLimits& limits) {
  return {ErrorKind::limit, "int of more than " + std::to_string(limits.int_digits_max) + " digits"};
}

}  // namespace hearth
