/// Random batches, and what the words of engine.h say must come of them: an engine is compared with a map.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <memory>
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
    for (const Registration& registration : put) owners_.erase(registration.name);
    for (const std::string& name : removed) erase(name);
  }
  std::vector<Registration> stored() const {
    std::vector<Registration> all;
    for (const auto& [name, registration] : registrations_) all.push_back(registration);
    return all;
  }
  std::string owners() const {
    std::string text;
    for (const auto& [name, owner] : owners_) text.append(name).append("=").append(owner).append(" ");
    return text;
  }

 private:
  bool may_change(const ClaimRef& claim, const std::string& name) const {
    const auto owner = owners_.find(name);
    if (owner == owners_.end() || !claim || !claim->is_owner_only) return true;
    return std::count(claim->identities.begin(), claim->identities.end(), owner->second) != 0;
  }
  bool is_full(const Claim& claim, const std::string& name) const {
    if (claim.identities.empty()) return false;
    const auto is_his = [&claim](const auto& owned) { return owned.second == claim.identities.front(); };
    const auto owner = owners_.find(name);
    if (owner != owners_.end() && is_his(*owner)) return false;
    return std::count_if(owners_.begin(), owners_.end(), is_his) >= std::int64_t{claim.registrations_max};
  }
  void erase(const std::string& name) {
    registrations_.erase(name);
    owners_.erase(name);
  }
  char apply(const Mutation& mutation) {
    if (const auto* put = std::get_if<Put>(&mutation)) {
      const std::string& name = put->registration.name;
      if (put->only_if_absent && registrations_.count(name) != 0) return 't';
      if (!may_change(put->claim, name)) return 'o';
      if (put->claim && is_full(*put->claim, name)) return 'f';
      registrations_[name] = put->registration;
      owners_.erase(name);
      if (put->claim && !put->claim->identities.empty()) owners_[name] = put->claim->identities.front();
    } else if (const auto* set = std::get_if<SetTags>(&mutation)) {
      if (registrations_.count(set->name) == 0) return 'u';
      if (!may_change(set->claim, set->name)) return 'o';
      registrations_[set->name].tags = set->tags;
    } else if (const auto* removal = std::get_if<Remove>(&mutation)) {
      for (const std::string& name : removal->names) {
        if (!may_change(removal->claim, name)) return 'o';
      }
      for (const std::string& name : removal->names) erase(name);
    } else {
      for (const auto& [name, uri] : std::get<Evict>(mutation).registrations) {
        const auto found = registrations_.find(name);
        if (found != registrations_.end() && found->second.uri == uri) erase(name);
      }
    }
    return 'a';
  }

  std::map<std::string, Registration> registrations_;
  std::map<std::string, std::string> owners_;
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
  ClaimRef claim() {
    static const std::vector<std::string> who[] = {{}, {"alice"}, {"bob"}, {"carol", "alice"}};
    if (below(3) == 0) return nullptr;
    return std::make_shared<const Claim>(Claim{who[below(4)], below(4) != 0, 1 + below(4)});
  }
  Mutation mutation() {
    const auto uri = [this] { return "uri" + std::to_string(below(5)); };
    switch (below(5)) {
      case 0: return Put{{name(), uri(), tags()}, false, claim()};
      case 1: return Put{{name(), uri(), tags()}, true, claim()};
      case 2: return SetTags{name(), tags(), claim()};
      case 3: return Evict{{{name(), uri()}, {name(), uri()}, {name(), uri()}}};
      default: return Remove{{name(), name()}, claim()};
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
    REQUIRE(copy.owners() == model.owners());
    REQUIRE(subject->owners() == model.owners());
    if (round % 10 == 9) REQUIRE(subject->stored() == model.stored());
  }
}

}  // namespace hearth
