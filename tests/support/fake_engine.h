/// FakeEngine: a memory engine that a test can hold inside commit(), make fail, and ask what it saw.
///
/// Thread rule: the engine lives on the writer thread; its EngineControl is for any thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "nameserver/store/memory_engine.h"

namespace hearth {

class EngineControl {
 public:
  /// commit() calls `held` on its thread and waits there until release().
  void hold(std::function<void()> held) {
    const std::lock_guard lock(mutex_);
    held_ = std::move(held);
  }
  void release() {
    {
      const std::lock_guard lock(mutex_);
      held_ = nullptr;
    }
    released_.notify_all();
  }
  /// The next so many commits fail as a whole.
  void fail_commits(unsigned count) {
    const std::lock_guard lock(mutex_);
    failing_commits_ = count;
  }
  void fail_reopens(unsigned count) {
    const std::lock_guard lock(mutex_);
    failing_reopens_ = count;
  }
  /// What the next commit finds that others have changed.
  void change_from_outside(std::vector<Mutation> changes) {
    const std::lock_guard lock(mutex_);
    foreign_changes_ = std::move(changes);
  }
  /// reopen() calls it on its thread when it has succeeded.
  void on_recovery(std::function<void()> recovered) {
    const std::lock_guard lock(mutex_);
    recovered_ = std::move(recovered);
  }
  std::vector<std::size_t> batch_sizes() const {
    const std::lock_guard lock(mutex_);
    return batch_sizes_;
  }
  unsigned reopens() const {
    const std::lock_guard lock(mutex_);
    return reopens_;
  }

 private:
  friend class FakeEngine;

  bool enter_commit(std::size_t size) {
    std::unique_lock lock(mutex_);
    batch_sizes_.push_back(size);
    if (held_) held_();
    released_.wait(lock, [this] { return !held_; });
    if (failing_commits_ == 0) return true;
    --failing_commits_;
    return false;
  }
  bool enter_reopen() {
    const std::lock_guard lock(mutex_);
    ++reopens_;
    if (failing_reopens_ == 0) {
      if (recovered_) recovered_();
      return true;
    }
    --failing_reopens_;
    return false;
  }

  std::vector<Mutation> take_foreign_changes() {
    const std::lock_guard lock(mutex_);
    return std::exchange(foreign_changes_, {});
  }

  mutable std::mutex mutex_;
  std::condition_variable released_;
  std::function<void()> held_;
  std::function<void()> recovered_;
  std::vector<Mutation> foreign_changes_;
  unsigned failing_commits_ = 0;
  unsigned failing_reopens_ = 0;
  unsigned reopens_ = 0;
  std::vector<std::size_t> batch_sizes_;
};

class FakeEngine final : public Engine {
 public:
  explicit FakeEngine(std::shared_ptr<EngineControl> control) : control_(std::move(control)) {}

  Result<void> load_all(const TakeRegistration& take) override { return memory_.load_all(take); }
  Result<void> load_owners(const TakeOwner& take) override { return memory_.load_owners(take); }
  std::vector<Result<Outcome>> commit(std::span<const ChainedMutation> batch) override {
    if (control_->enter_commit(batch.size())) return memory_.commit(batch);
    return std::vector<Result<Outcome>>(batch.size(), fail(ErrorKind::storage, "the disk is full"));
  }
  std::vector<Mutation> take_foreign_changes() override { return control_->take_foreign_changes(); }
  Result<void> reopen() override {
    if (control_->enter_reopen()) return {};
    return fail(ErrorKind::storage, "still no room");
  }
  Result<std::unique_ptr<EngineCopy>> begin_copy() override { return memory_.begin_copy(); }
  /// Grows with every commit.
  std::uint64_t size_bytes() const override { return 1000 * (1 + control_->batch_sizes().size()); }
  std::string description() const override { return "fake"; }

 private:
  std::shared_ptr<EngineControl> control_;
  MemoryEngine memory_;
};

}  // namespace hearth
