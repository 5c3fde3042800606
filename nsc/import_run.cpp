#include "nsc/import_run.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <utility>

#include "nsc/interruption.h"
#include "nsc/progress_bar.h"
#include "protocol/base/limits.h"
#include "protocol/value/repr_parts.h"

namespace hearth::nsc {
namespace {

/// How many names go with one message: few syncs for a server that is fast, and for one that syncs each name by itself no
/// message that takes longer than a user waits for Ctrl-C, or PYRO_COMMTIMEOUT lets it.
class BatchSize {
 public:
  [[nodiscard]] std::size_t names() const { return names_; }

  void adapt(std::chrono::steady_clock::duration taken) {
    if (taken < short_time) names_ = std::min(names_ * 2, names_max);
    if (taken > long_time) names_ = std::max<std::size_t>(names_ / 4, 1);
  }

 private:
  static constexpr std::size_t names_max = 5000;  // half of what a hearthd puts into one sync
  static constexpr std::chrono::milliseconds short_time{100};
  static constexpr std::chrono::milliseconds long_time{300};
  std::size_t names_ = 50;
};

/// An eighth of what a hearthd takes, for texts that grow when they are written as a serializer needs it.
constexpr std::size_t batch_text_bytes_max = Limits().message_bytes_max / 8;

std::size_t text_bytes(const NameEntry& entry) {
  const std::size_t bytes = entry.name.size() + entry.uri.size();
  return std::accumulate(entry.metadata.begin(), entry.metadata.end(), bytes,
                         [](std::size_t sum, const std::string& tag) { return sum + tag.size(); });
}

class ImportRun {
 public:
  ImportRun(NameServerClient& name_server, const NameSource& source, const ImportPlan& plan, OnConflict rule)
      : name_server_(name_server), source_(source), to_register_(plan.to_register), rule_(rule) {}

  ImportOutcome run(const Draw& draw) {
    const Interruption interruption;
    ProgressBar bar(draw, "importing", ProgressUnit::names);
    while (next_ < to_register_.size() && outcome_.trouble.empty()) {
      bar.show(next_, to_register_.size());
      if (interruption.has_come()) {
        outcome_.trouble = "interrupted";
      } else {
        register_batch();
      }
    }
    return std::move(outcome_);
  }

 private:
  void register_batch() {
    const NameListing batch = next_batch();
    const auto if_taken =
        rule_ == OnConflict::replace ? NameServerClient::IfTaken::replace : NameServerClient::IfTaken::fail;
    const auto sent = std::chrono::steady_clock::now();
    const auto done = name_server_.register_all(batch, if_taken);
    size_.adapt(std::chrono::steady_clock::now() - sent);
    if (!done) {
      if (done.error().kind != ClientErrorKind::invalid) outcome_.unknown = batch.size();
      outcome_.trouble = done.error().text;
      return;
    }
    outcome_.registered += done->count;
    next_ += done->count;
    if (done->failure) take_failure(*done->failure);
  }

  [[nodiscard]] NameListing next_batch() const {
    NameListing batch;
    std::size_t bytes = 0;
    for (std::size_t i = next_; i < to_register_.size() && batch.size() < size_.names(); ++i) {
      const NameEntry& entry = source_.entries()[to_register_[i]];
      bytes += text_bytes(entry);
      if (!batch.empty() && bytes > batch_text_bytes_max) break;
      batch.push_back(entry);
    }
    return batch;
  }

  /// Of the next one.
  void take_failure(const ClientError& failure) {
    const bool is_taken = failure.kind == ClientErrorKind::name_taken;
    if (is_taken && rule_ == OnConflict::skip) {
      ++outcome_.taken;
      ++next_;
      return;
    }
    const std::size_t entry = to_register_[next_];
    outcome_.trouble = source_.place_of(entry) + ": " + printable(source_.entries()[entry].name) +
                       (is_taken ? " has been taken meanwhile" : " was refused: " + failure.text);
  }

  NameServerClient& name_server_;
  const NameSource& source_;
  const std::vector<std::size_t>& to_register_;
  const OnConflict rule_;
  BatchSize size_;
  std::size_t next_ = 0;  ///< in to_register_
  ImportOutcome outcome_;
};

}  // namespace

ImportOutcome run_import(NameServerClient& name_server, const NameSource& source, const ImportPlan& plan,
                         OnConflict rule, const Draw& draw) {
  return ImportRun(name_server, source, plan, rule).run(draw);
}

}  // namespace hearth::nsc
