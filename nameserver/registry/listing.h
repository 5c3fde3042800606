/// Listing: the answer of list() and yplookup(): a dict of name -> uri, or -> (uri, tags), made match by match.
///
/// Layer: registry (model, rpc).        Thread rule: loop thread, with the index.
#pragma once

#include <utility>

#include "nameserver/registry/search.h"
#include "protocol/rpc/long_answer.h"

namespace hearth {

class Listing final : public LongAnswer {
 public:
  Listing(const Index& index, SearchPtr search, bool with_metadata, Dialect dialect)
      : index_(index), search_(std::move(search)), with_metadata_(with_metadata), dialect_(dialect) {}

  [[nodiscard]] Turn advance(ItemSink& items, std::size_t items_max) override;

 private:
  [[nodiscard]] Value value_of(const CompactRegistration& entry) const;

  const Index& index_;
  SearchPtr search_;
  bool with_metadata_;
  Dialect dialect_;
};

}  // namespace hearth
