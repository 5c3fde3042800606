/// Random batches, and what the words of engine.h say must come of them: an engine is compared with a map.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/contract/engine_under_test.h"

namespace hearth {

class EngineModel {
 public:
  std::string commit(const Batch& batch) {
    std::string expected;
    std::set<ChainId> stopped;
    for (const ChainedMutation& chained : batch) {
      const char letter = stopped.count(chained.chain) != 0 ? 'n' : apply(chained.mutation);
      if (letter != 'a' && chained.chain != no_chain) stopped.insert(chained.chain);
      expected.push_back(letter);
    }
    return expected;
  }
  /// By another writer.
  void change(const std::vector<Registration>& put, const std::vector<std::string>& removed) {
    for (const Registration& registration : put) registrations_[registration.name] = registration;
    for (const std::string& name : removed) registrations_.erase(name);
  }
  std::vector<Registration> stored() const {
    std::vector<Registration> all;
    for (const auto& [name, registration] : registrations_) all.push_back(registration);
    return all;
  }

 private:
  char apply(const Mutation& mutation) {
    if (const auto* put = std::get_if<Put>(&mutation)) {
      if (put->only_if_absent && registrations_.count(put->registration.name) != 0) return 't';
      registrations_[put->registration.name] = put->registration;
    } else if (const auto* set = std::get_if<SetTags>(&mutation)) {
      if (registrations_.count(set->name) == 0) return 'u';
      registrations_[set->name].tags = set->tags;
    } else if (const auto* removal = std::get_if<Remove>(&mutation)) {
      for (const std::string& name : removal->names) registrations_.erase(name);
    } else {
      for (const auto& [name, uri] : std::get<Evict>(mutation).registrations) {
        const auto found = registrations_.find(name);
        if (found != registrations_.end() && found->second.uri == uri) registrations_.erase(found);
      }
    }
    return 'a';
  }

  std::map<std::string, Registration> registrations_;
};

class RandomMutations {
 public:
  explicit RandomMutations(std::uint32_t seed) : random_(seed) {}

  Batch batch() {
    Batch made;
    const unsigned size = below(30);
    for (unsigned i = 0; i < size; ++i) made.push_back({mutation(), below(2) == 0 ? no_chain : 1 + below(3)});
    return made;
  }
  /// Puts, then removals.
  std::pair<std::vector<Registration>, std::vector<std::string>> outside_change() {
    std::vector<Registration> put(below(3));
    for (Registration& registration : put) registration = {name(), "outside" + std::to_string(below(5)), tags()};
    std::vector<std::string> removed(below(3));
    for (std::string& gone : removed) gone = name();
    return {std::move(put), std::move(removed)};
  }

 private:
  unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }
  std::string name() { return std::string(1, static_cast<char>('a' + below(8))); }
  Tags tags() {
    Tags made(below(4));
    for (std::string& tag : made) tag = "tag" + std::to_string(below(5));
    sort_tags(made);
    return made;
  }
  Mutation mutation() {
    const auto uri = [this] { return "uri" + std::to_string(below(5)); };
    switch (below(5)) {
      case 0: return Put{{name(), uri(), tags()}, false};
      case 1: return Put{{name(), uri(), tags()}, true};
      case 2: return SetTags{name(), tags()};
      case 3: return Evict{{{name(), uri()}, {name(), uri()}, {name(), uri()}}};
      default: return Remove{{name(), name()}};
    }
  }

  std::mt19937 random_;
};

/// The engine's answers, what it stores, and a copy that takes over what others have done, as the server's index does.
inline void check_engine_against_model(const MakeEngine& make) {
  const auto subject = make();
  EngineModel model;
  EngineModel copy;
  RandomMutations random(20240229);
  for (int round = 0; round < 120; ++round) {
    CAPTURE(round);
    if (round % 3 == 1) {
      const auto [put, removed] = random.outside_change();
      if (subject->change_from_outside(put, removed)) model.change(put, removed);
    }
    if (round % 7 == 3) {
      const bool breaks = round % 14 == 3 && subject->break_storage();
      if (breaks) REQUIRE(subject->commit({put("refused", "1")}) == "S");
      if (breaks) subject->mend_storage();
      REQUIRE(subject->engine().reopen().has_value());
    }
    const Batch batch = random.batch();
    const std::string expected = model.commit(batch);
    REQUIRE(subject->commit(batch) == expected);
    for (Mutation& change : subject->engine().take_foreign_changes()) copy.commit({{std::move(change), no_chain}});
    REQUIRE(copy.commit(batch) == expected);
    REQUIRE(copy.stored() == model.stored());
    if (round % 10 == 9) REQUIRE(subject->stored() == model.stored());
  }
}

}  // namespace hearth
