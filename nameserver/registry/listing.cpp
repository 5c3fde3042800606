#include "nameserver/registry/listing.h"

#include <utility>
#include <vector>

#include "nameserver/registry/shown_tags.h"

namespace hearth {

LongAnswer::Turn Listing::advance(ItemSink& items, std::size_t items_max) {
  bool wants_more = true;
  while (wants_more && items_max > 0 && !search_->is_over()) {
    auto match = search_->next(items_max);
    if (!match) return CallResult(tl::unexpected<RemoteException>(std::move(match.error())));
    if (*match != nullptr) wants_more = items.add((*match)->name(), value_of(**match));
  }
  return search_->is_over() ? Progress::all_items : Progress::unfinished;
}

Value Listing::value_of(const CompactRegistration& entry) const {
  Value uri(entry.uri());
  if (!with_metadata_) return uri;
  std::vector<Value> pair;
  pair.reserve(2);
  pair.push_back(std::move(uri));
  pair.push_back(tags_value(index_, entry, dialect_));
  return make_tuple(std::move(pair));
}

}  // namespace hearth
