#include "nameserver/registry/index.h"

#include <absl/container/inlined_vector.h>

#include <algorithm>
#include <utility>

#include "protocol/base/check.h"

namespace hearth {
namespace {

/// Freed with each entry that goes, and with each reader: a million that went while somebody read are not freed in one turn.
constexpr std::size_t reclaimed_per_change = 2;
constexpr std::size_t reclaimed_per_reader = 1000;

std::vector<std::string_view> views_of(const Tags& tags) { return {tags.begin(), tags.end()}; }

}  // namespace

IndexReader::IndexReader(Index& index) : index_(index), begun_(index.changes_) { index.readers_.push_back(this); }

IndexReader::~IndexReader() { index_.forget(*this); }

void Index::apply(Mutation mutation) {
  if (const auto* put_one = std::get_if<Put>(&mutation)) {
    const Registration& registration = put_one->registration;
    place(make(registration.name, registration.uri, views_of(registration.tags), owner_by(put_one->claim)));
  } else if (const auto* set = std::get_if<SetTags>(&mutation)) {
    set_tags(set->name, set->tags);
  } else if (const auto* removal = std::get_if<Remove>(&mutation)) {
    for (const std::string& name : removal->names) remove(name);
  } else {
    for (const NameAndUri& registration : std::get<Evict>(mutation).registrations) {
      const CompactRegistration* entry = find(registration.name);
      if (entry != nullptr && entry->uri() == registration.uri) remove(registration.name);
    }
  }
}

const CompactRegistration* Index::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->get();
}

void Index::put(std::string_view name, std::string_view uri, std::span<const std::string_view> tags) {
  place(make(name, uri, tags));
}

void Index::set_owner(std::string_view name, std::string_view owner) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end() || owner.empty()) return;
  HEARTH_CHECK((*found)->owner() == no_owner);
  (*found)->set_owner(owners_.use(owner));
}

CompactPtr Index::make(std::string_view name, std::string_view uri, std::span<const std::string_view> tags,
                       std::string_view owner) {
  absl::InlinedVector<TagNumber, 8> numbers;
  for (const std::string_view tag : tags) numbers.push_back(tags_.use(tag));
  return CompactRegistration::make(name, uri, numbers, owner.empty() ? no_owner : owners_.use(owner));
}

void Index::place(CompactPtr entry) {
  remove(entry->name());
  tell_readers(entry->name(), nullptr);
  add_postings(*entry);
  ++changes_;
  in_order_.insert(entry.get());
  by_name_.insert(std::move(entry));
}

void Index::set_tags(std::string_view name, const Tags& tags) {
  const CompactRegistration* entry = find(name);
  HEARTH_CHECK(entry != nullptr);  // the engine has just changed it
  place(make(entry->name(), entry->uri(), views_of(tags), owner_of(*entry)));
}

void Index::remove(std::string_view name) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return;  // the engine ignores unknown names too
  CompactRegistration& entry = **found;
  tell_readers(entry.name(), &entry);
  drop_postings(entry);
  ++changes_;
  in_order_.erase(&entry);
  bury(std::move(by_name_.extract(found).value()));
}

void Index::tell_readers(std::string_view name, const CompactRegistration* before) {
  for (IndexReader* reader : readers_) reader->on_change(name, before);
}

void Index::bury(CompactPtr entry) {
  if (readers_.empty() && gone_.empty()) return discard(std::move(entry));
  gone_.push_back({std::move(entry), changes_});
  reclaim(reclaimed_per_change);
}

/// Its tags lose their numbers only now, since a reader may still ask for their texts.
void Index::discard(CompactPtr entry) {
  for (const CompactRegistration::TagSlot& slot : entry->tags()) tags_.release(slot.tag);
  if (entry->owner() != no_owner) owners_.release(entry->owner());
}

void Index::reclaim(std::size_t count_max) {
  const std::uint64_t oldest_begun = readers_.empty() ? changes_ : readers_.front()->begun_;
  for (; count_max > 0 && !gone_.empty() && gone_.front().when <= oldest_begun; --count_max) {
    discard(std::move(gone_.front().entry));
    gone_.pop_front();
  }
}

void Index::forget(const IndexReader& reader) {
  std::erase(readers_, &reader);
  reclaim(reclaimed_per_reader);
}

void Index::add_postings(CompactRegistration& entry) {
  postings_.resize(std::max(postings_.size(), tags_.size()));
  for (CompactRegistration::TagSlot& slot : entry.tags()) {
    Postings& postings = postings_[slot.tag];
    slot.position = static_cast<std::uint32_t>(postings.size());
    postings.push_back(&entry);
  }
}

/// The last of a posting list takes the place that becomes free.
void Index::drop_postings(CompactRegistration& entry) {
  for (const CompactRegistration::TagSlot& slot : entry.tags()) {
    Postings& postings = postings_[slot.tag];
    HEARTH_CHECK(slot.position < postings.size() && postings[slot.position] == &entry);
    CompactRegistration* last = postings.back();
    postings[slot.position] = last;
    for (CompactRegistration::TagSlot& moved : last->tags()) {
      if (moved.tag == slot.tag) moved.position = slot.position;
    }
    postings.pop_back();
    if (postings.empty()) postings = Postings();
  }
}

std::vector<std::string_view> Index::tags_of(const CompactRegistration& entry) const {
  std::vector<std::string_view> tags;
  tags.reserve(entry.tags().size());
  for (const CompactRegistration::TagSlot& slot : entry.tags()) tags.push_back(tags_.text(slot.tag));
  return tags;
}

std::string_view Index::owner_of(const CompactRegistration& entry) const {
  return entry.owner() == no_owner ? std::string_view() : std::string_view(owners_.text(entry.owner()));
}

bool Index::may_change(const ClaimRef& claim, std::string_view name) const {
  const CompactRegistration* entry = find(name);
  return entry == nullptr || hearth::may_change(claim, owner_of(*entry));
}

Index::Matches Index::after(std::optional<std::string_view> last, std::size_t count_max) const {
  Matches matches;
  auto entry = last ? in_order_.upper_bound(*last) : in_order_.begin();
  for (; entry != in_order_.end() && matches.size() < count_max; ++entry) matches.push_back(*entry);
  return matches;
}

std::span<CompactRegistration* const> Index::with_tag(TagNumber tag) const { return postings_[tag]; }

}  // namespace hearth
