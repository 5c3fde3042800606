#include "nameserver/upkeep/watched_sink.h"

#include <algorithm>
#include <utility>

namespace hearth {
namespace {

void tell(RegistrationWatcher& watcher, const Mutation& mutation) {
  if (const auto* put = std::get_if<Put>(&mutation)) {
    watcher.on_registered(put->registration.name, put->registration.uri);
  } else if (const auto* removal = std::get_if<Remove>(&mutation)) {
    for (const std::string& name : removal->names) watcher.on_removed(name);
  }
}

/// As far as can be told now, before the engine decides.
bool is_doubtful(const Index& index, const Mutation& mutation) {
  if (const auto* put = std::get_if<Put>(&mutation))
    return put->only_if_absent || !index.may_change(put->claim, put->registration.name);
  const auto* removal = std::get_if<Remove>(&mutation);
  return removal != nullptr && removal->claim != nullptr &&
         !std::ranges::all_of(removal->names,
                              [&](const std::string& name) { return index.may_change(removal->claim, name); });
}

/// For a change that may not come about.
class ConditionWaiter final : public CommitWaiter {
 public:
  ConditionWaiter(RegistrationWatcher& watcher, std::unique_ptr<CommitWaiter> next)
      : watcher_(watcher), next_(std::move(next)) {}

  void committed(Mutation mutation, Result<Outcome> outcome) override {
    if (outcome && outcome->kind == Outcome::Kind::applied) tell(watcher_, mutation);
    next_->committed(std::move(mutation), std::move(outcome));
  }

 private:
  RegistrationWatcher& watcher_;
  const std::unique_ptr<CommitWaiter> next_;
};

}  // namespace

void WatchedSink::submit(ChainedMutation mutation, std::unique_ptr<CommitWaiter> waiter) {
  if (is_doubtful(index_, mutation.mutation)) {
    waiter = std::make_unique<ConditionWaiter>(watcher_, std::move(waiter));
  } else {
    tell(watcher_, mutation.mutation);
  }
  sink_.submit(std::move(mutation), std::move(waiter));
}

}  // namespace hearth
