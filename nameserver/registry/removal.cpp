#include "nameserver/registry/removal.h"

#include <utility>

namespace hearth {

LongAnswer::Turn Removal::advance(ItemSink&, std::size_t items_max) {
  while (items_max > 0 && !search_->is_over()) {
    auto match = search_->next(items_max);
    if (!match) {
      responder_.disarm();
      return CallResult(tl::unexpected<RemoteException>(std::move(match.error())));
    }
    if (*match != nullptr && (*match)->name() != name_server_name) removal_.names.emplace_back((*match)->name());
  }
  if (!search_->is_over()) return Progress::unfinished;
  if (removal_.names.empty()) {
    responder_.disarm();
    return CallResult(Value(0));
  }
  submit_(std::move(removal_), std::move(responder_));
  return Progress::deferred;
}

}  // namespace hearth
