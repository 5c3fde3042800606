#include "nameserver/audited_evictions.h"

#include <utility>

namespace hearth {
namespace {

class EvictionWaiter final : public CommitWaiter {
 public:
  EvictionWaiter(Gate& gate, const Index& index, std::unique_ptr<CommitWaiter> next)
      : gate_(gate), index_(index), next_(std::move(next)) {}

  void committed(Mutation mutation, Result<Outcome> outcome) override {
    if (outcome) gate_.changed({.peer = "hearthd", .identity = "autoclean"}, mutation, index_);
    next_->committed(std::move(mutation), std::move(outcome));
  }

 private:
  Gate& gate_;
  const Index& index_;
  const std::unique_ptr<CommitWaiter> next_;
};

}  // namespace

void AuditedEvictions::submit(ChainedMutation mutation, std::unique_ptr<CommitWaiter> waiter) {
  if (std::holds_alternative<Evict>(mutation.mutation)) {
    waiter = std::make_unique<EvictionWaiter>(gate_, index_, std::move(waiter));
  }
  sink_.submit(std::move(mutation), std::move(waiter));
}

}  // namespace hearth
