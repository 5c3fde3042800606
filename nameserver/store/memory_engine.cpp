#include "nameserver/store/memory_engine.h"

#include "nameserver/store/stopped_chains.h"

namespace hearth {

Result<std::vector<Registration>> MemoryEngine::load_all() {
  std::vector<Registration> all;
  all.reserve(entries_.size());
  for (const auto& [name, entry] : entries_) all.push_back({name, entry.uri, entry.tags});
  return all;
}

std::vector<Result<Outcome>> MemoryEngine::commit(std::span<const ChainedMutation> batch) {
  std::vector<Result<Outcome>> results;
  results.reserve(batch.size());
  StoppedChains stopped;
  for (const ChainedMutation& chained : batch) {
    if (stopped.contains(chained.chain)) {
      results.push_back(StoppedChains::not_attempted());
      continue;
    }
    results.emplace_back(std::visit([this](const auto& mutation) { return apply(mutation); }, chained.mutation));
    stopped.note(chained.chain, results.back());
  }
  return results;
}

Outcome MemoryEngine::apply(const Put& put) {
  const Registration& registration = put.registration;
  const auto [entry, added] = entries_.try_emplace(registration.name);
  if (!added && put.only_if_absent) return {Outcome::Kind::name_taken};
  entry->second = {registration.uri, registration.tags};
  return {};
}

Outcome MemoryEngine::apply(const SetTags& set) {
  const auto entry = entries_.find(set.name);
  if (entry == entries_.end()) return {Outcome::Kind::unknown_name};
  entry->second.tags = set.tags;
  return {};
}

Outcome MemoryEngine::apply(const Remove& remove) {
  std::uint32_t removed = 0;
  for (const std::string& name : remove.names) removed += static_cast<std::uint32_t>(entries_.erase(name));
  return {Outcome::Kind::applied, removed};
}

Outcome MemoryEngine::apply(const Evict& evict) {
  std::uint32_t removed = 0;
  for (const NameAndUri& registration : evict.registrations) {
    const auto entry = entries_.find(registration.name);
    if (entry == entries_.end() || entry->second.uri != registration.uri) continue;
    entries_.erase(entry);
    ++removed;
  }
  return {Outcome::Kind::applied, removed};
}

}  // namespace hearth
