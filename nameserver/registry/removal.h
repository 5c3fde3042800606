/// Removal: remove() by a prefix or a regular expression: looks for the names in turns, then submits them as one change.
///
/// Layer: registry (model, rpc).        Thread rule: loop thread, with the index.
/// A call whose connection breaks before the names are found removes nothing; from then on it is a write like any other.
#pragma once

#include <functional>
#include <utility>

#include "nameserver/model/mutation.h"
#include "nameserver/registry/search.h"
#include "protocol/rpc/call.h"
#include "protocol/rpc/long_answer.h"

namespace hearth {

class Removal final : public LongAnswer {
 public:
  using Submit = std::function<void(Remove, Responder)>;

  Removal(SearchPtr search, Responder responder, Submit submit)
      : search_(std::move(search)), responder_(std::move(responder)), submit_(std::move(submit)) {}

  [[nodiscard]] Turn advance(ItemSink&, std::size_t items_max) override;

 private:
  SearchPtr search_;
  Responder responder_;
  Submit submit_;
  Remove removal_;
};

}  // namespace hearth
