/// Committer: hands mutations to the engine on the writer thread, many to a sync, and brings the outcomes back to the loop.
///
/// Layer: commit (store, loop).
/// Thread rule: everything here is for the loop thread; the writer thread is private to the committer and owns the engine.
/// Order: mutations commit, and their waiters are called, in the order submitted; only those refused for want of room hear of
/// it at once. What one turn of the loop submits goes to the
/// writer together when the turn ends. The batch is whatever piled up while the last sync ran (bounded by
/// Limits::commit_items_max and commit_bytes_max): no timer, so an idle server commits at once.
/// Failure: after ErrorKind::storage from the engine, mutations are refused with the reason until the engine's reopen()
/// has succeeded; the committer tries that at once, and then once in Limits::storage_retry_ms.
/// Other writers: what the engine says that they have changed reaches the loop thread before the waiters of the commit that
/// found it.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nameserver/commit/storage_copier.h"
#include "nameserver/model/mutation_sink.h"
#include "nameserver/store/engine.h"
#include "protocol/base/limits.h"
#include "protocol/loop/loop.h"

namespace hearth {

class Committer final : public MutationSink {
 public:
  /// Is called on the loop thread with each change of another writer, to be applied to what was loaded from the engine.
  using OnForeignChange = std::function<void(Mutation)>;

  /// Starts the writer thread. `loop` must outlive the committer.
  Committer(Loop& loop, std::unique_ptr<Engine> engine, const Limits& limits, OnForeignChange on_foreign_change);
  /// Commits what was submitted, then joins the writer. Waiters not called by then are destroyed without being called:
  /// use drain() first to see them all answered.
  ~Committer() override;
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  /// All mutations of a chain must be submitted in one go, before the caller returns to the loop. They share a commit, if
  /// the bounds allow; when a bound cuts a chain in two, the rest of it still stops where the first part failed.
  /// When Limits::commit_queue_items_max or commit_queue_bytes_max are waiting, the outcome is ErrorKind::limit, for the rest of
  /// its chain too; it does not wait for those submitted before it.
  /// Waiters must not destroy the committer; they may submit() more. Keeps Loop::run() going until the waiter has been called.
  void submit(ChainedMutation mutation, std::unique_ptr<CommitWaiter> waiter) override;

  /// Calls `drained` on the loop thread once nothing is in flight any more, never from inside drain(). One at a time.
  void drain(std::function<void()> drained);

  /// Makes the writer do one task for a copy of the storage, between two commits, and calls `done` on the loop thread with what
  /// came of it; in their order. Tasks neither hold a drain up nor keep Loop::run() going, and those of a committer that is
  /// destroyed are dropped uncalled. `done` must not destroy the committer; it may submit and copy() more.
  using OnCopied = std::function<void(Result<CopyState>)>;
  void copy(const CopyTask& task, OnCopied done);

  /// From now on; what is queued already stays, even beyond a lower bound. The writer takes its part over with its next batch.
  void set_limits(const Limits& limits);

  struct Statistics {
    std::uint64_t commits = 0;          ///< syncs that succeeded
    std::uint64_t mutations = 0;        ///< that they carried
    std::uint64_t largest_commit = 0;   ///< mutations in one of them
    std::uint64_t failures = 0;         ///< commits that failed as a whole
    std::uint64_t stored_bytes = 0;     ///< what the engine takes on disk, as of the last commit
    std::uint64_t foreign_changes = 0;  ///< registrations that other programs have changed
    std::optional<std::string>
        refusal;             ///< why changes are refused, since a failure and until the engine has recovered
    std::string last_error;  ///< of the storage, of the last failure or attempt to recover; stays after the recovery
    std::optional<std::chrono::system_clock::time_point> last_commit;  ///< that succeeded
  };
  [[nodiscard]] Statistics statistics() const;

 private:
  class Writer;

  struct Waiting {
    std::unique_ptr<CommitWaiter> waiter;
    std::size_t bytes;
  };
  struct Refused {
    Mutation mutation;
    std::unique_ptr<CommitWaiter> waiter;
  };

  void on_wake();
  void answer_finished();
  void answer_copied();
  void answer_refused();
  void hand_over();

  Loop& loop_;
  const OnForeignChange on_foreign_change_;
  std::size_t queue_items_max_;
  std::size_t queue_bytes_max_;
  std::vector<ChainedMutation> staged_;  ///< submitted in this turn
  std::deque<Waiting> waiters_;          ///< of all that is in flight; outcomes come back in this order
  std::size_t waiting_bytes_ = 0;        ///< text of their mutations
  std::vector<Refused> refused_;         ///< for want of room, not answered yet
  std::deque<OnCopied> on_copied_;       ///< of all tasks in flight
  std::function<void()> drained_;
  Waker waker_;
  std::unique_ptr<Writer> writer_;  // last: its thread is joined before the waker goes
};

}  // namespace hearth
