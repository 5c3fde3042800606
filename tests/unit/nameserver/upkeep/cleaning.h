/// Cleaning: autoclean in virtual time, with a prober that answers what the test says, and a sink that commits when it says.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "nameserver/store/memory_engine.h"
#include "nameserver/upkeep/autoclean.h"
#include "tests/support/loaded.h"
#include "tests/support/mutations.h"

namespace hearth {

inline ProbeResult answers() { return {}; }
inline ProbeResult answers_with(ObjectIds ids) { return {.objects = std::move(ids)}; }
inline ProbeResult gone() { return {.reach = Reach::gone, .reason = "connection refused"}; }
inline ProbeResult no_answer() { return {.reach = Reach::no_answer, .reason = "timed out"}; }
inline ProbeResult silent(std::string place = {}) {
  return {.reach = Reach::silent, .reason = "says nothing", .place = std::move(place)};
}

class ScriptedProber final : public LocationProber {
 public:
  void probe(const ProbeQuestion& question, std::function<void(ProbeResult)> told) override {
    questions.push_back(question);
    waiting.push_back({question.location, std::move(told)});
    running_max = std::max(running_max, waiting.size());
    const auto at_host = std::count_if(waiting.begin(), waiting.end(), [&question](const auto& probe) {
      return probe.first.host == question.location.host;
    });
    running_at_host_max = std::max(running_at_host_max, at_host);
  }
  void cancel_all() override { waiting.clear(); }

  void answer_oldest() {
    auto [location, told] = std::move(waiting.front());
    waiting.pop_front();
    const auto found = results.find(location.text);
    told(found != results.end() ? found->second : otherwise(location));
  }

  std::map<std::string, ProbeResult> results;
  std::function<ProbeResult(const Location&)> otherwise = [](const Location&) { return answers(); };
  std::vector<ProbeQuestion> questions;
  std::deque<std::pair<Location, std::function<void(ProbeResult)>>> waiting;
  std::size_t running_max = 0;
  std::ptrdiff_t running_at_host_max = 0;
};

/// Commits at once, or when told to.
class HeldSink final : public MutationSink {
 public:
  void submit(ChainedMutation mutation, std::unique_ptr<CommitWaiter> waiter) override {
    evictions += std::holds_alternative<Evict>(mutation.mutation) ? 1 : 0;
    queue.emplace_back(std::move(mutation), std::move(waiter));
    if (!held) commit();
  }
  void commit() {
    while (!queue.empty()) {
      auto [mutation, waiter] = std::move(queue.front());
      queue.pop_front();
      Result<Outcome> outcome = fail(ErrorKind::storage, "no room");
      if (!failing) outcome = engine.commit(std::span(&mutation, 1)).front();
      waiter->committed(std::move(mutation.mutation), std::move(outcome));
    }
  }

  MemoryEngine engine;
  std::deque<std::pair<ChainedMutation, std::unique_ptr<CommitWaiter>>> queue;
  bool held = false;
  bool failing = false;
  int evictions = 0;
};

class Cleaning {
 public:
  static constexpr std::uint32_t period_ms = 3000;

  explicit Cleaning(const Limits& used = {}) : limits(used) { autoclean.start_afresh(now_ms); }

  void submit(ChainedMutation mutation) { clients.submit(std::move(mutation), std::make_unique<IndexWaiter>(index)); }
  void add(const std::string& name, const std::string& uri) { submit(put(name, uri)); }

  /// Lets the time pass in steps of a second, answering every probe at once.
  void pass(std::uint64_t ms) {
    for (const std::uint64_t end_ms = now_ms + ms; now_ms < end_ms;) {
      now_ms += std::min<std::uint64_t>(1000, end_ms - now_ms);
      work();
    }
  }
  void rounds(int count) { pass(std::uint64_t{period_ms} * static_cast<std::uint64_t>(count)); }
  void work() {
    do {
      while (autoclean.work(now_ms)) {
        if (between_pieces) between_pieces();
      }
      if (!prober.waiting.empty())
        prober.answer_oldest();
      else
        break;
    } while (true);
  }
  /// Until probes are under way, which nobody answers.
  void work_until_probing() {
    while (prober.waiting.empty()) {
      while (autoclean.work(now_ms)) {
      }
      if (prober.waiting.empty()) now_ms += 1000;
    }
  }

  [[nodiscard]] bool has(const std::string& name) const { return index.find(name) != nullptr; }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const CompactRegistration* entry : index.after(std::nullopt, index.size())) all.emplace_back(entry->name());
    return all;
  }
  [[nodiscard]] std::size_t count_of(const std::string& prefix) const {
    const auto all = names();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&prefix](const std::string& name) { return name.starts_with(prefix); }));
  }
  /// What the engine has is what the index has.
  void check_consistent() {
    std::set<std::string> stored;
    const auto held = loaded(sink.engine);
    for (const Registration& registration : *held) stored.insert(registration.name);
    const auto indexed = names();
    CHECK(stored == std::set<std::string>(indexed.begin(), indexed.end()));
  }

  const Limits limits;
  std::uint64_t now_ms = 1000000;
  Index index;
  HeldSink sink;
  ScriptedProber prober;
  ListeningSockets sockets;
  int wishes = 0;
  std::function<void()> between_pieces;
  Autoclean autoclean{{index, sink, prober, [this] { return sockets; }, [this] { ++wishes; }}, period_ms, limits};
  WatchedSink clients{sink, autoclean, index};

 private:
  class IndexWaiter final : public CommitWaiter {
   public:
    explicit IndexWaiter(Index& index) : index_(index) {}
    void committed(Mutation mutation, Result<Outcome> outcome) override {
      if (outcome && outcome->kind == Outcome::Kind::applied) index_.apply(std::move(mutation));
    }

   private:
    Index& index_;
  };
};

}  // namespace hearth
