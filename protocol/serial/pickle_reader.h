/// The reading half of PickleSerializer (pickle.h).
///
/// Layer: serial.        Thread rule: none, pure function.
#pragma once

#include "protocol/base/bytes.h"
#include "protocol/base/limits.h"
#include "protocol/base/result.h"
#include "protocol/value/value.h"

namespace hearth {

[[nodiscard]] Result<Value> read_pickle(BytesView bytes, const DecodeLimits& limits);

}  // namespace hearth
