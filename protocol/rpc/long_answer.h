/// LongAnswer: the answer to a call that may have to look at more than one turn of the loop allows: worked out in pieces.
///
/// Layer: rpc.        Thread rule: that of the sessions.
/// Ownership: belongs to the call that it answers; destroyed before its end (the client has gone) it just stops.
#pragma once

#include <cstddef>
#include <string_view>
#include <variant>

#include <hearth/value.h>

#include "protocol/rpc/python_exceptions.h"

namespace hearth {

/// Takes the items of an answer that is a dict.
class ItemSink {
 public:
  virtual ~ItemSink() = default;
  /// False: the item is taken, but no more of them in this turn.
  [[nodiscard]] virtual bool add(std::string_view key, const Value& value) = 0;
};

class LongAnswer {
 public:
  virtual ~LongAnswer() = default;

  enum class Progress : unsigned char {
    unfinished,  ///< wants another turn
    all_items,   ///< the answer is the dict of the items that were added
    deferred,    ///< the call's Responder answers, which the object has kept
  };
  using Turn = std::variant<Progress, CallResult>;

  /// Goes on for one turn: looks at `items_max` things at most. What it answers with ends it.
  [[nodiscard]] virtual Turn advance(ItemSink& items, std::size_t items_max) = 0;
};

}  // namespace hearth
