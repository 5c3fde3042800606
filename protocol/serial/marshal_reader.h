/// The reading half of MarshalSerializer (marshal.h).
///
/// Layer: serial.        Thread rule: none, pure function.
#pragma once

#include <hearth/result.h>
#include <hearth/value.h>

#include "protocol/base/bytes.h"
#include "protocol/base/limits.h"
#include "protocol/serial/dict_item_sink.h"

namespace hearth {

/// With a sink, it gets the items of the value if that is a dict, which is empty then.
[[nodiscard]] Result<Value> read_marshal(BytesView bytes, const DecodeLimits& limits,
                                         const DictItemSink* sink = nullptr);

}  // namespace hearth
