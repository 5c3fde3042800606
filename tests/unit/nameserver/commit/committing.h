/// What the tests of the committer share: a loop, a committer on a fake engine, and waiters that note what they are told.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nameserver/commit/committer.h"
#include "tests/support/fake_engine.h"
#include "tests/support/mutations.h"

namespace hearth {

class Committing {
 public:
  explicit Committing(const Limits& limits = {}) {
    committer =
        std::make_unique<Committer>(loop, std::make_unique<FakeEngine>(control), limits, [this](Mutation change) {
          foreign_changes.push_back(std::move(change));
          told_at_foreign_change = told();
        });
  }

  void submit(ChainedMutation mutation, std::function<void()> then = nullptr) {
    committer->submit(std::move(mutation), std::make_unique<Waiter>(*this, std::move(then)));
  }
  void submit_all(const Batch& batch) {
    for (const ChainedMutation& mutation : batch) submit(mutation);
  }
  /// The letters of tests/support/mutations.h for what the waiters were told, in the order of the calls.
  std::string told() const { return letters(results); }

  Loop loop;
  std::shared_ptr<EngineControl> control = std::make_shared<EngineControl>();
  std::vector<Mutation> mutations;
  std::vector<Result<Outcome>> results;
  std::vector<Mutation> foreign_changes;
  std::string told_at_foreign_change;
  int waiters_alive = 0;
  std::unique_ptr<Committer> committer;

 private:
  class Waiter final : public CommitWaiter {
   public:
    Waiter(Committing& test, std::function<void()> then) : test_(test), then_(std::move(then)) {
      ++test_.waiters_alive;
    }
    ~Waiter() override { --test_.waiters_alive; }
    void committed(Mutation mutation, Result<Outcome> outcome) override {
      test_.mutations.push_back(std::move(mutation));
      test_.results.push_back(std::move(outcome));
      if (then_) then_();
    }

   private:
    Committing& test_;
    std::function<void()> then_;
  };
};

}  // namespace hearth
