#include "nameserver/backups.h"

#include <fmt/format.h>

#include <random>
#include <utility>

#include "protocol/base/base64.h"
#include "protocol/base/log.h"

namespace hearth {
namespace {

/// Not to be guessed by other clients, who could end it.
std::int64_t random_id() {
  std::random_device random;
  return static_cast<std::int64_t>((std::uint64_t{random()} << 31U) ^ random());
}

Value number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

Value backup_value(std::int64_t id, const CopyState& state) {
  Bytes data;
  append_base64(data, state.data);
  Dict dict;
  dict.add("id", id);
  dict.add("done", number(state.progress.done));
  dict.add("total", number(state.progress.total));
  dict.add("size", state.progress.is_complete ? number(state.size_bytes) : Value());
  dict.add("data", std::move(data));
  return dict;
}

CallResult failed(const Error& error) { return raise("PyroError", "the backup has failed: " + error.text); }

}  // namespace

Backups::Backups(Loop& loop, Committer& committer, const Limits& limits)
    : committer_(committer), limits_(limits), silence_(loop, [this] { on_silence(); }) {}

std::optional<CallResult> Backups::begin(Responder& later) {
  if (backup_) {
    return raise("PyroError", fmt::format("another backup is under way; one that nobody asks for its next piece ends "
                                          "after {} ms",
                                          limits_.backup_silence_ms));
  }
  backup_.emplace(Backup{random_id(), std::move(later)});
  silence_.start_once(limits_.backup_silence_ms);
  copy({CopyTask::Kind::begin});
  return std::nullopt;
}

std::optional<CallResult> Backups::read(std::int64_t id, std::uint64_t offset, Responder& later) {
  if (!backup_ || backup_->id != id) {
    return raise("PyroError",
                 "there is no such backup any more: nobody asked for its next piece in time, or the name "
                 "server was restarted");
  }
  if (backup_->waiting) return raise("PyroError", "the backup's last piece is still being asked for");
  if (backup_->failure) {
    CallResult result = failed(*backup_->failure);
    stop();
    return result;
  }
  backup_->waiting.emplace(std::move(later));
  silence_.start_once(limits_.backup_silence_ms);
  if (backup_->state.progress.is_complete) copy({CopyTask::Kind::read, offset});
  return std::nullopt;
}

bool Backups::end(std::int64_t id) {
  if (!backup_ || backup_->id != id) return false;
  stop();
  return true;
}

void Backups::copy(const CopyTask& task) {
  committer_.copy(task, [this, id = backup_->id](Result<CopyState> state) { on_copied(id, std::move(state)); });
}

void Backups::on_copied(std::int64_t id, Result<CopyState> state) {
  if (!backup_ || backup_->id != id) return;  // it has ended meanwhile
  if (!state) {
    log(LogLevel::error, LogCategory::store, fmt::format("a backup has failed: {}", state.error().text));
    if (!backup_->waiting) {
      backup_->failure = std::move(state.error());
      return;
    }
    answer(failed(state.error()));
    return stop();
  }
  backup_->state = std::move(*state);
  if (!backup_->state.progress.is_complete) copy({CopyTask::Kind::advance});
  if (backup_->waiting) answer(backup_value(id, backup_->state));
}

void Backups::answer(CallResult result) {
  Responder waiting = std::move(*backup_->waiting);
  backup_->waiting.reset();
  std::move(waiting).answer(std::move(result));
}

void Backups::on_silence() {
  if (!backup_) return;
  if (backup_->waiting) return silence_.start_once(limits_.backup_silence_ms);  // it is the disk that is slow
  log(LogLevel::warning, LogCategory::store,
      fmt::format("a backup was given up: nobody has asked for its next piece for {} ms", limits_.backup_silence_ms));
  stop();
}

void Backups::stop() {
  silence_.stop();
  backup_.reset();
  committer_.copy({CopyTask::Kind::end}, [](const Result<CopyState>&) {});
}

}  // namespace hearth
