#include "nameserver/upkeep/autoclean.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "protocol/base/check.h"
#include "protocol/base/log.h"
#include "protocol/value/repr_parts.h"

namespace hearth {
namespace {

constexpr LogCategory category = LogCategory::upkeep;

/// The reference leaves these two alone as well.
bool is_exempt(std::string_view name) { return name == name_server_name || name == "Pyro.Daemon"; }

std::string quoted(std::string_view text) {
  std::string out;
  append_str_repr(out, text);
  return out;
}

std::string seconds_text(std::uint64_t ms) { return fmt::format("{:.1f} s", static_cast<double>(ms) / 1000); }

}  // namespace

/// Takes the removals over into the index once the engine has made them.
class Autoclean::Waiter final : public CommitWaiter {
 public:
  Waiter(Autoclean& autoclean, std::vector<Removal> removals) : autoclean_(autoclean), removals_(std::move(removals)) {}

  void committed(Mutation mutation, Result<Outcome> outcome) override {
    autoclean_.on_evicted(std::get<Evict>(mutation), removals_, outcome);
    if (outcome) autoclean_.with_.index.apply(std::move(mutation));
  }

 private:
  Autoclean& autoclean_;
  const std::vector<Removal> removals_;
};

Autoclean::Autoclean(Surroundings surroundings, std::uint32_t period_ms, const Limits& limits)
    : with_(std::move(surroundings)),
      period_ms_(period_ms),
      limits_(limits),
      suspects_(limits),
      memory_(limits),
      queue_(limits.autoclean_probes_max, limits.autoclean_probes_per_host_max) {
  status_.period_ms = period_ms;
}

Autoclean::~Autoclean() { stop(); }

void Autoclean::start_afresh(std::uint64_t now_ms) {
  if (phase_ == Phase::stopped) return;
  forget_round();
  suspects_.clear();
  memory_.clear();
  status_.is_braked = false;
  braked_locations_.clear();
  braked_names_ = 0;
  next_round_ms_ = now_ms + period_ms_;
}

void Autoclean::stop() {
  forget_round();
  phase_ = Phase::stopped;
}

bool Autoclean::work(std::uint64_t now_ms) {
  switch (phase_) {
    case Phase::waiting:
      if (now_ms < next_round_ms_) return false;
      begin_round();
      return true;
    case Phase::collecting: collect(); return true;
    case Phase::probing: return probe(now_ms);
    case Phase::weighing: weigh(now_ms); return true;
    case Phase::judging:
      if (judge()) return true;
      finish_round(now_ms);
      return false;
    case Phase::stopped: return false;
  }
  HEARTH_CHECK(false);
}

// ---- what others do meanwhile ----

void Autoclean::on_registered(std::string_view name, std::string_view uri) {
  on_removed(name);
  if (memory_.is_empty()) return;
  if (const auto target = target_of(uri)) memory_.forget(target->location.text);
}

void Autoclean::on_removed(std::string_view name) {
  suspects_.forget(name);
  if (phase_ != Phase::waiting && phase_ != Phase::stopped) touched_.insert(TextHash()(name));
}

AutocleanStatus Autoclean::status() const {
  AutocleanStatus status = status_;
  status.suspects = suspects_.size();
  return status;
}

std::uint64_t Autoclean::confirm() {
  if (!status_.is_braked) return 0;
  for (const std::string& location : braked_locations_) memory_.confirm_dead(location);
  log(LogLevel::info, category,
      fmt::format("autoclean: an operator has confirmed that {} locations are gone for good; their {} names will be "
                  "removed if they do not answer within {}",
                  braked_locations_.size(), braked_names_, seconds_text(limits_.autoclean_grace_ms)));
  status_.is_braked = false;
  braked_locations_.clear();
  return std::exchange(braked_names_, 0);
}

// ---- a round ----

/// Visits the next names; false if there were none left.
template <class Visit>
bool Autoclean::walk(Visit visit) {
  std::optional<std::string_view> last;
  if (cursor_) last = *cursor_;
  const Index::Matches entries = with_.index.after(last, limits_.autoclean_names_per_turn_max);
  for (const CompactRegistration* entry : entries) {
    if (!is_exempt(entry->name())) visit(entry->name(), entry->uri());
  }
  if (!entries.empty()) cursor_ = std::string(entries.back()->name());
  return !entries.empty();
}

void Autoclean::begin_round() {
  forget_round();
  phase_ = Phase::collecting;
}

void Autoclean::collect() {
  const bool has_more = walk([this](std::string_view, std::string_view uri) {
    auto target = target_of(uri);
    if (target && table_.add(std::move(*target))) queue_.add(table_[table_.size() - 1].location.host);
  });
  if (has_more) return;
  cursor_.reset();
  if (table_.size() > 0) witness_.before = with_.listening_sockets();
  phase_ = Phase::probing;
}

bool Autoclean::probe(std::uint64_t now_ms) {
  std::uint32_t looked_at = 0;
  while (looked_at++ < limits_.autoclean_names_per_turn_max) {
    const auto item = queue_.take();
    if (!item) break;
    if (memory_.is_resting(table_[*item].location, witness_.before, now_ms)) {
      table_[*item].result = LocationMemory::resting_result();
      queue_.finish(*item);
    } else {
      start_probe(*item);
    }
  }
  if (!queue_.is_empty()) return looked_at > limits_.autoclean_names_per_turn_max;
  if (table_.size() > 0) witness_.after = with_.listening_sockets();
  phase_ = Phase::weighing;
  return true;
}

void Autoclean::start_probe(std::size_t item) {
  const ProbedLocation& asked = table_[item];
  with_.prober.probe({asked.location, asked.object, memory_.dialect(asked.location)},
                     [this, item](ProbeResult result) { on_probed(item, std::move(result)); });
}

void Autoclean::on_probed(std::size_t item, ProbeResult result) {
  table_[item].result = std::move(result);
  queue_.finish(item);
  with_.work_wanted();
}

void Autoclean::weigh(std::uint64_t now_ms) {
  const std::size_t end = std::min(table_.size(), weighed_ + limits_.autoclean_names_per_turn_max);
  for (; weighed_ < end; ++weighed_) weigh_one(table_[weighed_], now_ms);
  if (weighed_ < table_.size()) return;
  decide_brake();
  judged_at_ms_ = now_ms;
  phase_ = Phase::judging;
}

void Autoclean::weigh_one(ProbedLocation& location, std::uint64_t now_ms) {
  location.finding = memory_.weigh(location.location, location.result, witness_, now_ms);
  const bool is_confirmed = memory_.is_confirmed_dead(location.location);
  confirmed_ += is_confirmed ? 1 : 0;
  if (location.finding != Finding::missing || is_confirmed) return;
  ++failing_;
  failing_names_ += location.names;
  failing_locations_.push_back(location.location.text);
}

void Autoclean::decide_brake() {
  const std::uint64_t locations = table_.size() - confirmed_;
  const bool was_braked = status_.is_braked;
  status_.locations = table_.size();
  status_.failing = failing_ + confirmed_;
  status_.is_braked = locations >= limits_.autoclean_brake_locations_min && failing_ * 2 > locations;
  braked_locations_.clear();
  braked_names_ = 0;
  if (status_.is_braked) {
    braked_locations_ = std::move(failing_locations_);
    braked_names_ = failing_names_;
  }
  if (status_.is_braked == was_braked) return;
  if (status_.is_braked) {
    log(LogLevel::warning, category,
        fmt::format("autoclean: {} of {} locations failed at once, which looks like a fault of this machine or its "
                    "network: nothing is removed. It goes on by itself when at least half of them answer again; if "
                    "they are really gone, confirm that with nsc confirm-autoclean, and their {} names will be removed",
                    failing_, locations, failing_names_));
  } else {
    log(LogLevel::warning, category,
        fmt::format("autoclean: {} of {} locations fail now, names are removed again after {}", failing_, locations,
                    seconds_text(limits_.autoclean_grace_ms)));
  }
}

/// True: there are more names.
bool Autoclean::judge() {
  Evict evict;
  std::vector<Removal> removals;
  const bool has_more =
      walk([&](std::string_view name, std::string_view uri) { judge_one(name, uri, evict, removals); });
  if (!removals.empty()) {
    with_.sink.submit({std::move(evict), no_chain}, std::make_unique<Waiter>(*this, std::move(removals)));
  }
  return has_more;
}

void Autoclean::judge_one(std::string_view name, std::string_view uri, Evict& evict, std::vector<Removal>& removals) {
  const auto target = target_of(uri);
  if (!target || touched_.contains(TextHash()(name))) return;
  const ProbedLocation* probed = table_.find(target->location.text);
  if (probed == nullptr) return;
  const Finding finding = probed->finding_of(target->object);
  if (status_.is_braked) return suspects_.hold(name, uri, finding, judged_at_ms_);
  const auto for_ms = suspects_.judge(name, uri, finding, judged_at_ms_);
  if (!for_ms) return;
  const bool is_object = probed->finding == Finding::alive;
  evict.registrations.push_back({std::string(name), std::string(uri)});
  removals.push_back(
      {std::string(name), is_object ? "its server runs without that object" : probed->result.reason, *for_ms});
}

/// The index is now as the engine was before the removal, so that it tells which of them really went.
void Autoclean::on_evicted(const Evict& evict, const std::vector<Removal>& removals, const Result<Outcome>& outcome) {
  if (!outcome) {
    failure_log_.write(judged_at_ms_, LogLevel::warning, category,
                       fmt::format("autoclean: {} dead names could not be removed, the next round tries again: {}",
                                   removals.size(), outcome.error().text));
    return;
  }
  for (std::size_t i = 0; i < removals.size(); ++i) {
    const auto& [name, uri] = evict.registrations[i];
    const CompactRegistration* entry = with_.index.find(name);
    if (entry == nullptr || entry->uri() != uri) continue;
    suspects_.forget(name);
    ++status_.removed;
    log(LogLevel::info, category,
        fmt::format("autoclean: removed {}, unreachable for {} at {}: {}", quoted(name),
                    seconds_text(removals[i].for_ms), quoted(uri), removals[i].reason));
  }
}

void Autoclean::finish_round(std::uint64_t now_ms) {
  suspects_.end_round();
  memory_.end_round();
  forget_round();
  next_round_ms_ = now_ms + period_ms_;
}

void Autoclean::forget_round() {
  with_.prober.cancel_all();
  phase_ = Phase::waiting;
  table_.clear();
  queue_.clear();
  witness_ = {};
  cursor_.reset();
  weighed_ = 0;
  touched_.clear();
  confirmed_ = 0;
  failing_ = 0;
  failing_locations_.clear();
  failing_names_ = 0;
}

}  // namespace hearth
