#include "nameserver/commit/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "protocol/base/check.h"
#include "protocol/base/log.h"

namespace hearth {
namespace {

bool is_storage_failure(const Result<Outcome>& result) { return !result && result.error().kind == ErrorKind::storage; }

std::string cannot_store(const Error& error) {
  return fmt::format("the name server cannot store changes: {}", error.text);
}

}  // namespace

Committer::Writer::Writer(std::unique_ptr<Engine> engine, const Limits& limits, std::function<void()> finished)
    : finished_(std::move(finished)),
      inbox_(Inbox{{}, limits, false}),
      engine_(std::move(engine)),
      thread_([this] { run(); }) {}

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

void Committer::Writer::set_limits(const Limits& limits) {
  inbox_.with([&limits](Inbox& inbox) { inbox.limits = limits; });
}

std::optional<std::string> Committer::Writer::refusal() {
  return outbox_.with([](Outbox& outbox) { return outbox.refusal; });
}

void Committer::Writer::run() {
  for (;;) {
    auto backlog = inbox_.wait(
        submitted_, [](const Inbox& inbox) { return inbox.stopping || !inbox.mutations.empty(); },
        [this](Inbox& inbox) {
          limits_ = inbox.limits;
          return std::exchange(inbox.mutations, {});
        });
    if (backlog.empty()) return;
    work_off(backlog);
  }
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
  if (failure_ && !is_recovered()) {
    return std::vector<Result<Outcome>>(batch.size(), tl::unexpected(*failure_));
  }
  auto results = engine_->commit(batch);
  const auto failed = std::find_if(results.begin(), results.end(), is_storage_failure);
  if (failed == results.end()) {
    count({1, batch.size(), 0});
    if (log_enabled(LogLevel::debug, LogCategory::store)) {
      log(LogLevel::debug, LogCategory::store, fmt::format("{} changes in one commit", batch.size()));
    }
    return results;
  }
  set_failure(Error{ErrorKind::storage, cannot_store(failed->error())});
  log(LogLevel::error, LogCategory::store,
      fmt::format("{}: {}; changes are refused until it works again", engine_->description(), failed->error().text));
  count({0, 0, 1});
  return std::vector<Result<Outcome>>(batch.size(), tl::unexpected(*failure_));
}

bool Committer::Writer::is_recovered() {
  const auto now = std::chrono::steady_clock::now();
  if (last_reopen_ && now - *last_reopen_ < std::chrono::milliseconds(limits_.storage_retry_ms)) return false;
  last_reopen_ = now;
  const auto reopened = engine_->reopen();
  if (!reopened) {
    const std::string text = cannot_store(reopened.error());
    if (text != failure_->text) {
      log(LogLevel::error, LogCategory::store, fmt::format("{}: {}", engine_->description(), reopened.error().text));
    }
    set_failure(Error{failure_->kind, text});
    return false;
  }
  log(LogLevel::warning, LogCategory::store, fmt::format("{}: works again", engine_->description()));
  set_failure(std::nullopt);
  return true;
}

void Committer::Writer::set_failure(std::optional<Error> failure) {
  failure_ = std::move(failure);
  outbox_.with([this](Outbox& outbox) { outbox.refusal = failure_ ? std::optional(failure_->text) : std::nullopt; });
}

void Committer::Writer::count(const Statistics& more) {
  outbox_.with([&more](Outbox& outbox) {
    outbox.statistics.commits += more.commits;
    outbox.statistics.mutations += more.mutations;
    outbox.statistics.failures += more.failures;
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
