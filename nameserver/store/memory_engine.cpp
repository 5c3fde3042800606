#include "nameserver/store/memory_engine.h"

#include <utility>

#include "nameserver/store/memory_copy.h"
#include "nameserver/store/stopped_chains.h"

namespace hearth {

Result<void> MemoryEngine::load_all(const TakeRegistration& take) {
  std::vector<std::string_view> tags;
  std::vector<TagNumber> tag_numbers;
  for (const CompactPtr& entry : entries_) {
    tags.clear();
    tag_numbers.clear();
    for (const CompactRegistration::TagSlot& slot : entry->tags()) {
      tags.push_back(tags_.text(slot.tag));
      tag_numbers.push_back(slot.tag);
    }
    take({entry->name(), entry->uri(), tags, tag_numbers});
  }
  return {};
}

Result<void> MemoryEngine::load_owners(const TakeOwner& take) {
  for (const CompactPtr& entry : entries_) {
    if (entry->owner() != no_owner) take(entry->name(), owner_of(*entry));
  }
  return {};
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

Outcome MemoryEngine::apply(const Put& put_one) {
  const Registration& registration = put_one.registration;
  if (put_one.only_if_absent && entries_.contains(std::string_view(registration.name))) {
    return {Outcome::Kind::name_taken};
  }
  if (put_one.claim) {
    const Outcome::Kind admitted =
        admit(*put_one.claim, owner_of(registration.name), owned_.of(put_one.claim->owner()));
    if (admitted != Outcome::Kind::applied) return {admitted};
  }
  put(registration.name, registration.uri, registration.tags, owner_by(put_one.claim));
  return {};
}

Outcome MemoryEngine::apply(const SetTags& set) {
  const auto entry = entries_.find(std::string_view(set.name));
  if (entry == entries_.end()) return {Outcome::Kind::unknown_name};
  const std::string_view owner = owner_of(**entry);
  if (!may_change(set.claim, owner)) return {Outcome::Kind::not_owner};
  put(set.name, (*entry)->uri(), set.tags, owner);
  return {};
}

Outcome MemoryEngine::apply(const Remove& remove_some) {
  if (remove_some.claim && remove_some.claim->is_owner_only) {
    for (const std::string& name : remove_some.names) {
      if (!remove_some.claim->may_change(owner_of(name))) return {Outcome::Kind::not_owner};
    }
  }
  std::uint32_t removed = 0;
  for (const std::string& name : remove_some.names) removed += remove(name) ? 1U : 0U;
  return {Outcome::Kind::applied, removed};
}

Outcome MemoryEngine::apply(const Evict& evict) {
  std::uint32_t removed = 0;
  for (const NameAndUri& registration : evict.registrations) {
    const auto entry = entries_.find(std::string_view(registration.name));
    if (entry == entries_.end() || (*entry)->uri() != registration.uri) continue;
    removed += remove(registration.name) ? 1U : 0U;
  }
  return {Outcome::Kind::applied, removed};
}

std::string_view MemoryEngine::owner_of(const CompactRegistration& entry) const {
  return entry.owner() == no_owner ? std::string_view() : std::string_view(owners_.text(entry.owner()));
}

std::string_view MemoryEngine::owner_of(std::string_view name) const {
  const auto entry = entries_.find(name);
  return entry == entries_.end() ? std::string_view() : owner_of(**entry);
}

void MemoryEngine::put(std::string_view name, std::string_view uri, const Tags& tags, std::string_view owner) {
  std::vector<TagNumber> numbers;
  numbers.reserve(tags.size());
  for (const std::string& tag : tags) numbers.push_back(tags_.use(tag));
  CompactPtr entry = CompactRegistration::make(name, uri, numbers, owner.empty() ? no_owner : owners_.use(owner));
  owned_.add(owner);
  remove(name);  // after that: URI and owner may be those of the entry that is replaced
  entries_.insert(std::move(entry));
}

bool MemoryEngine::remove(std::string_view name) {
  const auto entry = entries_.find(name);
  if (entry == entries_.end()) return false;
  owned_.subtract(owner_of(**entry));
  drop(std::move(entries_.extract(entry).value()));
  return true;
}

void MemoryEngine::drop(CompactPtr entry) {
  if (is_copied_) return dropped_.push_back(std::move(entry));
  for (const CompactRegistration::TagSlot& slot : entry->tags()) tags_.release(slot.tag);
  if (entry->owner() != no_owner) owners_.release(entry->owner());
}

Result<std::unique_ptr<EngineCopy>> MemoryEngine::begin_copy() {
  MemoryCopy::Entries entries;
  entries.reserve(entries_.size());
  for (const CompactPtr& entry : entries_) entries.push_back(entry.get());
  auto copy = MemoryCopy::begin(std::move(entries), tags_, owners_, [this] {
    is_copied_ = false;
    for (CompactPtr& entry : std::exchange(dropped_, {})) drop(std::move(entry));
  });
  if (!copy) return forward_error(copy);
  is_copied_ = true;
  return copy;
}

}  // namespace hearth
