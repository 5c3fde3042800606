#include "nameserver/commit/committer.h"

#include <fmt/format.h>

#include <utility>

#include "nameserver/commit/writer.h"
#include "protocol/base/check.h"

namespace hearth {

Committer::Committer(Loop& loop, std::unique_ptr<Engine> engine, const Limits& limits,
                     OnForeignChange on_foreign_change)
    : loop_(loop),
      on_foreign_change_(std::move(on_foreign_change)),
      queue_items_max_(limits.commit_queue_items_max),
      queue_bytes_max_(limits.commit_queue_bytes_max),
      waker_(loop, [this] { on_wake(); }),
      writer_(std::make_unique<Writer>(std::move(engine), limits, [this] { waker_.wake(); })) {}

Committer::~Committer() {
  loop_.assert_on_loop_thread();
  hand_over();
  writer_.reset();
}

void Committer::submit(ChainedMutation mutation, std::unique_ptr<CommitWaiter> waiter) {
  loop_.assert_on_loop_thread();
  // The writer must not see half of a chain, so nothing of this turn goes over before on_wake().
  if (staged_.empty() && refused_.empty()) waker_.wake();
  const std::size_t bytes = text_bytes(mutation.mutation);
  if (waiters_.size() >= queue_items_max_ || waiting_bytes_ + bytes > queue_bytes_max_) {
    refused_.push_back({std::move(mutation.mutation), std::move(waiter)});
    return;
  }
  if (waiters_.empty()) waker_.keep_loop_alive(true);
  staged_.push_back(std::move(mutation));
  waiters_.push_back({std::move(waiter), bytes});
  waiting_bytes_ += bytes;
}

void Committer::drain(std::function<void()> drained) {
  loop_.assert_on_loop_thread();
  HEARTH_CHECK(!drained_);
  drained_ = std::move(drained);
  waker_.keep_loop_alive(true);
  waker_.wake();
}

void Committer::copy(const CopyTask& task, OnCopied done) {
  loop_.assert_on_loop_thread();
  on_copied_.push_back(std::move(done));
  writer_->submit(task);
}

void Committer::set_limits(const Limits& limits) {
  loop_.assert_on_loop_thread();
  queue_items_max_ = limits.commit_queue_items_max;
  queue_bytes_max_ = limits.commit_queue_bytes_max;
  writer_->set_limits(limits);
}

Committer::Statistics Committer::statistics() const { return writer_->statistics(); }

void Committer::on_wake() {
  hand_over();  // first: the writer can sync while the waiters answer their clients
  answer_refused();
  answer_finished();
  answer_copied();
  hand_over();
  if (!waiters_.empty() || !refused_.empty()) return;
  waker_.keep_loop_alive(false);
  if (drained_) std::exchange(drained_, nullptr)();
}

void Committer::answer_finished() {
  for (Writer::Finished& finished : writer_->take_finished()) {
    if (!finished.outcome) {
      on_foreign_change_(std::move(finished.mutation));
      continue;
    }
    const Waiting waiting = std::move(waiters_.front());
    waiters_.pop_front();
    waiting_bytes_ -= waiting.bytes;
    waiting.waiter->committed(std::move(finished.mutation), std::move(*finished.outcome));
  }
}

void Committer::answer_copied() {
  for (Result<CopyState>& state : writer_->take_copied()) {
    const OnCopied done = std::move(on_copied_.front());
    on_copied_.pop_front();
    done(std::move(state));
  }
}

void Committer::answer_refused() {
  const std::size_t waiting = waiters_.size();
  for (Refused& refused : std::exchange(refused_, {})) {
    refused.waiter->committed(
        std::move(refused.mutation),
        fail(ErrorKind::limit,
             fmt::format("overloaded: {} changes are waiting for the disk, try again later", waiting)));
  }
}

void Committer::hand_over() {
  if (!staged_.empty()) writer_->submit(staged_);
}

}  // namespace hearth
