/// Writer: the thread that owns the engine. Takes mutations in order, commits them many to a sync, refuses while the storage
/// is broken, and gives them back with their outcomes in the same order.
///
/// Layer: commit (store).
/// Thread rule: everything public is for one other thread, the owner's; only `finished` is called on the writer's thread.
/// Errors: outcomes carry them; see committer.h.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "nameserver/commit/committer.h"
#include "nameserver/store/stopped_chains.h"
#include "protocol/base/guarded.h"

namespace hearth {

class Committer::Writer {
 public:
  struct Finished {
    Mutation mutation;
    std::optional<Result<Outcome>> outcome;  ///< nullopt: a change of another writer, which nobody here has submitted
  };

  /// `finished` says that take_finished() has something to give.
  Writer(std::unique_ptr<Engine> engine, const Limits& limits, std::function<void()> finished);
  /// Commits what was submitted, then joins the thread.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Mutations of one chain must come in one call. Leaves the vector empty.
  void submit(std::vector<ChainedMutation>& mutations);
  /// Every mutation that was submitted comes back once, in the order of submission; changes of other writers come before the
  /// mutations of the commit that found them.
  [[nodiscard]] std::vector<Finished> take_finished();
  [[nodiscard]] Statistics statistics();
  /// Tasks are done in their order, between two commits; mutations have precedence.
  void submit(const CopyTask& task);
  /// What every task has come to, in the order of submission.
  [[nodiscard]] std::vector<Result<CopyState>> take_copied();
  /// For the mutations submitted from now on, at the latest.
  void set_limits(const Limits& limits);

 private:
  struct Inbox {
    std::vector<ChainedMutation> mutations;
    std::vector<CopyTask> copy_tasks;
    Limits limits;  ///< for both
    bool stopping = false;
  };
  struct Work {
    std::vector<ChainedMutation> mutations;
    std::vector<CopyTask> copy_tasks;
    bool is_last = false;  ///< nobody will submit anything more
  };
  struct Outbox {
    std::vector<Finished> finished;
    std::vector<Result<CopyState>> copied;
    Statistics statistics;
  };

  void run();
  void work_off(std::span<ChainedMutation> backlog);
  [[nodiscard]] std::size_t batch_size(std::span<const ChainedMutation> backlog, const StoppedChains& stopped) const;
  [[nodiscard]] std::vector<Result<Outcome>> commit(std::span<const ChainedMutation> batch);
  [[nodiscard]] Work wait_for_work();
  void copy(std::span<const CopyTask> tasks);
  [[nodiscard]] bool is_recovery_due() const;
  void refuse(const std::string& reason);
  void try_to_recover();
  void count_commit(std::size_t mutations);
  void note_size();
  void pass_on_foreign_changes();
  void give_back(std::span<ChainedMutation> mutations, std::vector<Result<Outcome>> results);

  // Constant after construction.
  const std::function<void()> finished_;

  // The two queues.
  Guarded<Inbox> inbox_;
  std::condition_variable submitted_;
  Guarded<Outbox> outbox_;

  // The writer thread's own.
  const std::unique_ptr<Engine> engine_;
  StorageCopier copier_;                                 // after the engine, so that its copy goes first
  Limits limits_;                                        ///< of the inbox, as of the last look into it
  std::optional<Error> failure_;                         ///< why mutations are refused
  std::chrono::steady_clock::time_point next_recovery_;  ///< when the next attempt is due

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace hearth
