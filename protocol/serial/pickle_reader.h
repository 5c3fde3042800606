/// The reading half of PickleSerializer (pickle.h).
///
/// Layer: serial.        Thread rule: none, pure function.
#pragma once

#include <hearth/result.h>
#include <hearth/value.h>

#include "protocol/base/bytes.h"
#include "protocol/base/limits.h"

namespace hearth {

[[nodiscard]] Result<Value> read_pickle(BytesView bytes, const DecodeLimits& limits);

}  // namespace hearth
