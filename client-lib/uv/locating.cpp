#include "client-lib/uv/locating.h"

#include <utility>

#include "client-lib/uv/asking.h"

namespace hearth::uv {

Locating::Locating(std::shared_ptr<Engine> engine, const NameServerPlace& place, SharedSettings settings, Told told)
    : engine_(std::move(engine)),
      settings_(std::move(settings)),
      steps_(plan_search(place, *settings_)),
      told_(std::move(told)) {
  take_step();  // there is always one, and none is over at once
}

void Locating::take_step() {
  const SearchStep& step = steps_[step_];
  if (step.kind != SearchStepKind::broadcast) return connect_to(step.name_server);
  question_ =
      std::make_unique<BroadcastQuestion>(engine_, step.broadcast_port, settings_, [this](ClientResult<Uri> uri) {
        question_.reset();
        if (!uri) return next_step(std::move(uri.error()));
        answered_ = *uri;
        connect_to(std::move(*uri));
      });
}

void Locating::connect_to(Uri uri) {
  candidate_ = ProxyAccess::make(engine_, std::move(uri), settings_);
  candidate_->connect().then([this](ClientResult<void> connected) {
    if (connected) return finish(NameServer(std::move(*candidate_)));
    candidate_.reset();
    next_step(std::move(connected.error()));
  });
}

void Locating::next_step(ClientError error) {
  note_failure(failure_, steps_[step_], std::move(error), std::exchange(answered_, std::nullopt));
  if (++step_ < steps_.size()) return take_step();
  finish(tl::unexpected<LocateFailure>(std::move(failure_)));
}

/// The last thing done.
void Locating::finish(Located located) {
  const Told told = std::move(told_);
  told(std::move(located));
}

}  // namespace hearth::uv
