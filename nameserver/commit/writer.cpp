#include "nameserver/commit/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "protocol/base/check.h"
#include "protocol/base/log.h"

namespace hearth {
namespace {

bool is_storage_failure(const Result<Outcome>& result) { return !result && result.error().kind == ErrorKind::storage; }

}  // namespace

Committer::Writer::Writer(std::unique_ptr<Engine> engine, const Limits& limits, std::function<void()> finished)
    : finished_(std::move(finished)),
      inbox_(Inbox{{}, {}, limits, false}),
      engine_(std::move(engine)),
      copier_(*engine_) {
  note_size();
  thread_ = std::thread([this] { run(); });
}

Committer::Writer::~Writer() {
  inbox_.with([](Inbox& inbox) { inbox.stopping = true; });
  submitted_.notify_one();
  thread_.join();
}

void Committer::Writer::submit(std::vector<ChainedMutation>& mutations) {
  inbox_.with([&mutations](Inbox& inbox) {
    if (inbox.mutations.empty()) {
      inbox.mutations.swap(mutations);
    } else {
      std::move(mutations.begin(), mutations.end(), std::back_inserter(inbox.mutations));
    }
  });
  mutations.clear();
  submitted_.notify_one();
}

std::vector<Committer::Writer::Finished> Committer::Writer::take_finished() {
  return outbox_.with([](Outbox& outbox) { return std::exchange(outbox.finished, {}); });
}

Committer::Statistics Committer::Writer::statistics() {
  return outbox_.with([](Outbox& outbox) { return outbox.statistics; });
}

void Committer::Writer::submit(const CopyTask& task) {
  inbox_.with([&task](Inbox& inbox) { inbox.copy_tasks.push_back(task); });
  submitted_.notify_one();
}

std::vector<Result<CopyState>> Committer::Writer::take_copied() {
  return outbox_.with([](Outbox& outbox) { return std::exchange(outbox.copied, {}); });
}

void Committer::Writer::set_limits(const Limits& limits) {
  inbox_.with([&limits](Inbox& inbox) { inbox.limits = limits; });
}

void Committer::Writer::run() {
  for (;;) {
    Work work = wait_for_work();
    if (!work.mutations.empty()) work_off(work.mutations);
    if (!work.copy_tasks.empty()) copy(work.copy_tasks);
    if (work.is_last) return;
    if (is_recovery_due()) try_to_recover();
  }
}

/// Returns with nothing when it is time to try to recover.
Committer::Writer::Work Committer::Writer::wait_for_work() {
  const auto is_there = [](const Inbox& inbox) {
    return inbox.stopping || !inbox.mutations.empty() || !inbox.copy_tasks.empty();
  };
  const auto take = [this](Inbox& inbox) {
    limits_ = inbox.limits;
    return Work{std::exchange(inbox.mutations, {}), std::exchange(inbox.copy_tasks, {}), inbox.stopping};
  };
  if (!failure_) return inbox_.wait(submitted_, is_there, take);
  return inbox_.wait_until(submitted_, next_recovery_, is_there, take);
}

void Committer::Writer::copy(std::span<const CopyTask> tasks) {
  for (const CopyTask& task : tasks) {
    outbox_.with([state = copier_.perform(task, limits_.backup_chunk_bytes_max)](Outbox& outbox) mutable {
      outbox.copied.push_back(std::move(state));
    });
  }
  finished_();
}

/// A chain that stopped is remembered as long as the backlog lasts: all of the chain is in it.
void Committer::Writer::work_off(std::span<ChainedMutation> backlog) {
  StoppedChains stopped;
  while (!backlog.empty()) {
    const std::size_t size = batch_size(backlog, stopped);
    const auto batch = backlog.first(std::max<std::size_t>(size, 1));
    auto results = size == 0 ? std::vector<Result<Outcome>>{StoppedChains::not_attempted()} : commit(batch);
    HEARTH_CHECK(results.size() == batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) stopped.note(batch[i].chain, results[i]);
    backlog = backlog.subspan(batch.size());
    give_back(batch, std::move(results));
  }
}

/// As many as the bounds allow, but one at least, up to the first whose chain has stopped in an earlier batch.
std::size_t Committer::Writer::batch_size(std::span<const ChainedMutation> backlog,
                                          const StoppedChains& stopped) const {
  std::size_t size = 0;
  std::size_t bytes = 0;
  for (const ChainedMutation& next : backlog) {
    bytes += text_bytes(next.mutation);
    if (size == limits_.commit_items_max || (size > 0 && bytes > limits_.commit_bytes_max)) break;
    if (stopped.contains(next.chain)) break;
    ++size;
  }
  return size;
}

std::vector<Result<Outcome>> Committer::Writer::commit(std::span<const ChainedMutation> batch) {
  if (is_recovery_due()) try_to_recover();
  if (failure_) return std::vector<Result<Outcome>>(batch.size(), tl::unexpected(*failure_));
  auto results = engine_->commit(batch);
  const auto failed = std::find_if(results.begin(), results.end(), is_storage_failure);
  if (failed == results.end()) {
    count_commit(batch.size());
    note_size();
    if (log_enabled(LogLevel::debug, LogCategory::store)) {
      log(LogLevel::debug, LogCategory::store, fmt::format("{} changes in one commit", batch.size()));
    }
    pass_on_foreign_changes();
    return results;
  }
  log(LogLevel::error, LogCategory::store,
      fmt::format("{}: {}; changes are refused until it works again", engine_->description(), failed->error().text));
  refuse(failed->error().text);
  next_recovery_ = std::chrono::steady_clock::now();  // at once: what was acknowledged may lie in a file without a name
  outbox_.with([](Outbox& outbox) { ++outbox.statistics.failures; });
  return std::vector<Result<Outcome>>(batch.size(), tl::unexpected(*failure_));
}

void Committer::Writer::refuse(const std::string& reason) {
  failure_ = Error{ErrorKind::storage, fmt::format("the name server cannot store changes: {}", reason)};
  outbox_.with([&](Outbox& outbox) {
    outbox.statistics.last_error = reason;
    outbox.statistics.refusal = failure_->text;
  });
}

bool Committer::Writer::is_recovery_due() const {
  return failure_ && std::chrono::steady_clock::now() >= next_recovery_;
}

void Committer::Writer::try_to_recover() {
  copier_.drop();
  const auto reopened = engine_->reopen();
  if (!reopened) {
    const std::string old_text = failure_->text;
    refuse(reopened.error().text);
    next_recovery_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(limits_.storage_retry_ms);
    if (failure_->text != old_text) {
      log(LogLevel::error, LogCategory::store, fmt::format("{}: {}", engine_->description(), reopened.error().text));
    }
    return;
  }
  log(LogLevel::warning, LogCategory::store, fmt::format("{}: works again", engine_->description()));
  failure_.reset();
  outbox_.with([](Outbox& outbox) { outbox.statistics.refusal.reset(); });
  note_size();
}

void Committer::Writer::count_commit(std::size_t mutations) {
  outbox_.with([mutations](Outbox& outbox) {
    Statistics& statistics = outbox.statistics;
    ++statistics.commits;
    statistics.mutations += mutations;
    statistics.largest_commit = std::max<std::uint64_t>(statistics.largest_commit, mutations);
    statistics.last_commit = std::chrono::system_clock::now();
  });
}

void Committer::Writer::note_size() {
  outbox_.with([bytes = engine_->size_bytes()](Outbox& outbox) { outbox.statistics.stored_bytes = bytes; });
}

/// Goes the way of the outcomes, ahead of those of this commit.
void Committer::Writer::pass_on_foreign_changes() {
  std::vector<Mutation> changes = engine_->take_foreign_changes();
  if (changes.empty()) return;
  outbox_.with([&changes](Outbox& outbox) {
    outbox.statistics.foreign_changes += changes.size();
    for (Mutation& change : changes) outbox.finished.push_back({std::move(change), std::nullopt});
  });
}

void Committer::Writer::give_back(std::span<ChainedMutation> mutations, std::vector<Result<Outcome>> results) {
  outbox_.with([&](Outbox& outbox) {
    outbox.finished.reserve(outbox.finished.size() + results.size());
    for (std::size_t i = 0; i < results.size(); ++i) {
      outbox.finished.push_back({std::move(mutations[i].mutation), std::move(results[i])});
    }
  });
  finished_();
}

}  // namespace hearth
