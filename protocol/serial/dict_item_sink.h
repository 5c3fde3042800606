/// DictItemSink: takes the items of a dict one by one while it is decoded, so that a large one is never held as a whole.
///
/// Layer: serial.        Thread rule: whatever the sink's own is.
#pragma once

#include <functional>
#include <utility>

#include <hearth/result.h>
#include <hearth/value.h>

namespace hearth {

/// In their order. A key that occurs twice comes twice.
using DictItemSink = std::function<void(Value key, Value value)>;

/// `rest` is what a decoder has made of bytes whose items it gave to the sink: a dict, perhaps with items that it could not
/// give away before the end. Malformed: it is no dict.
[[nodiscard]] inline Result<void> give_rest(Result<Value> rest, const DictItemSink& sink) {
  if (!rest) return forward_error(rest);
  auto* dict = rest->as<Dict>();
  if (dict == nullptr)
    return fail(ErrorKind::malformed, "a " + std::string(rest->type_name()) + " where a dict should be");
  for (DictItem& item : dict->items) sink(std::move(item.key), std::move(item.value));
  return {};
}

}  // namespace hearth
