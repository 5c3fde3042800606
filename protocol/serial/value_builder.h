/// ValueBuilder: builds a Value out of the events of a library's parser, within the DecodeLimits.
///
/// Layer: serial (value and below).        Thread rule: none, plain object, one per parsed text.
/// Errors: sticky. Every event answers whether to go on; the first refusal is what finish() returns.
/// Never recurses: the open containers are a stack, at most DecodeLimits::nesting_max high.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <hearth/result.h>
#include <hearth/value.h>

#include "protocol/base/limits.h"
#include "protocol/serial/dict_item_sink.h"

namespace hearth {

class ValueBuilder {
 public:
  /// With a sink, it gets the items of the root if that is a dict, which is empty then.
  explicit ValueBuilder(const DecodeLimits& limits, const DictItemSink* sink = nullptr)
      : limits_(limits), sink_(sink) {}
  ValueBuilder(const ValueBuilder&) = delete;
  ValueBuilder& operator=(const ValueBuilder&) = delete;

  /// A value without parts: the root, the next element of the open list, or what belongs to the last key of the open dict.
  [[nodiscard]] bool add(Value value);

  /// The next key of the open dict; its value follows.
  [[nodiscard]] bool add_key(Value key);

  /// A container opens where a value may be. `count` is reserved: 0, or what the input is known to back.
  [[nodiscard]] bool open_list(std::size_t count);
  [[nodiscard]] bool open_dict(std::size_t count);

  /// Closes the innermost container.
  [[nodiscard]] bool close();

  /// Ends it all, unless a refusal came before. Always false, for `return builder.refuse(…)` in an event.
  bool refuse(ErrorKind kind, std::string text);

  /// The whole value, or the first refusal. Nothing may be open unless something was refused.
  [[nodiscard]] Result<Value> finish();

 private:
  [[nodiscard]] bool count_node();
  [[nodiscard]] Value* next_slot();
  [[nodiscard]] bool open(Value container);
  void give_away();

  const DecodeLimits& limits_;
  const DictItemSink* sink_;
  Value root_;
  std::vector<Value*> open_;  ///< into root_; a container does not grow while one of its elements is open
  std::uint32_t nodes_ = 0;
  std::optional<Error> refusal_;
};

}  // namespace hearth
