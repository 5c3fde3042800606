/// Reads what Python's ast.literal_eval() accepts: literals of str, bytes, numbers, tuples, lists, sets,
/// dicts, booleans, None and `set()`, with comments and line breaks between them.
///
/// Layer: serial.        Thread rule: none, pure function.
/// Errors: malformed, or limit. Refused though Python knows them: `...` and \N{…} escapes. Accepted though
/// Python refuses them: an indented first line, and a backslash that continues the last one.
#pragma once

#include <string_view>

#include <hearth/result.h>
#include <hearth/value.h>

#include "protocol/base/limits.h"
#include "protocol/serial/dict_item_sink.h"

namespace hearth {

/// Called with every dict that has been read, keys and values done; may replace it.
using DictHook = void (*)(Value& dict);

/// With a sink, it gets the items of the outermost dict, if that is what the text begins with, and the dict itself is empty.
[[nodiscard]] Result<Value> read_literal(std::string_view text, const DecodeLimits& limits, DictHook on_dict,
                                         const DictItemSink* sink = nullptr);

}  // namespace hearth
