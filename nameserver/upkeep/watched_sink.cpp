#include "nameserver/upkeep/watched_sink.h"

#include <utility>

namespace hearth {
namespace {

/// For a registration that may find its name taken.
class ConditionWaiter final : public CommitWaiter {
 public:
  ConditionWaiter(RegistrationWatcher& watcher, std::unique_ptr<CommitWaiter> next)
      : watcher_(watcher), next_(std::move(next)) {}

  void committed(Mutation mutation, Result<Outcome> outcome) override {
    if (outcome && outcome->kind == Outcome::Kind::applied) {
      const Registration& registration = std::get<Put>(mutation).registration;
      watcher_.on_registered(registration.name, registration.uri);
    }
    next_->committed(std::move(mutation), std::move(outcome));
  }

 private:
  RegistrationWatcher& watcher_;
  const std::unique_ptr<CommitWaiter> next_;
};

}  // namespace

void WatchedSink::submit(ChainedMutation mutation, std::unique_ptr<CommitWaiter> waiter) {
  if (const auto* put = std::get_if<Put>(&mutation.mutation)) {
    if (put->only_if_absent) {
      waiter = std::make_unique<ConditionWaiter>(watcher_, std::move(waiter));
    } else {
      watcher_.on_registered(put->registration.name, put->registration.uri);
    }
  } else if (const auto* removal = std::get_if<Remove>(&mutation.mutation)) {
    for (const std::string& name : removal->names) watcher_.on_removed(name);
  }
  sink_.submit(std::move(mutation), std::move(waiter));
}

}  // namespace hearth
