#include "nameserver/registry/index.h"

#include <absl/container/inlined_vector.h>

#include <algorithm>
#include <utility>

#include "protocol/base/check.h"

namespace hearth {
namespace {

Index::Matches sorted_by_name(Index::Matches matches) {
  std::sort(matches.begin(), matches.end(), [](const auto* a, const auto* b) { return a->name() < b->name(); });
  return matches;
}

std::vector<std::string_view> views_of(const Tags& tags) { return {tags.begin(), tags.end()}; }

}  // namespace

void Index::apply(Mutation mutation) {
  if (const auto* put_one = std::get_if<Put>(&mutation)) {
    const Registration& registration = put_one->registration;
    put(registration.name, registration.uri, views_of(registration.tags));
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
  absl::InlinedVector<TagNumber, 8> numbers;
  for (const std::string_view tag : tags) numbers.push_back(tags_.use(tag));
  CompactPtr entry = CompactRegistration::make(name, uri, numbers);
  remove(name);  // after make(): the texts may be those of the entry that is replaced
  add_postings(*entry);
  in_order_.insert(in_order_.end(), entry.get());  // a file is mostly written in the order of its names
  by_name_.insert(std::move(entry));
}

void Index::set_tags(std::string_view name, const Tags& tags) {
  const CompactRegistration* entry = find(name);
  HEARTH_CHECK(entry != nullptr);  // the engine has just changed it
  put(entry->name(), entry->uri(), views_of(tags));
}

void Index::remove(std::string_view name) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return;  // the engine ignores unknown names too
  drop_postings(**found);
  in_order_.erase(found->get());
  by_name_.erase(found);
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
    tags_.release(slot.tag);
  }
}

std::vector<std::string_view> Index::tags_of(const CompactRegistration& entry) const {
  std::vector<std::string_view> tags;
  tags.reserve(entry.tags().size());
  for (const CompactRegistration::TagSlot& slot : entry.tags()) tags.push_back(tags_.text(slot.tag));
  return tags;
}

Index::Matches Index::with_prefix(std::string_view prefix) const {
  Matches matches;
  for (auto entry = in_order_.lower_bound(prefix); entry != in_order_.end() && (*entry)->name().starts_with(prefix);
       ++entry) {
    matches.push_back(*entry);
  }
  return matches;
}

Index::Matches Index::after(std::optional<std::string_view> last, std::size_t count_max) const {
  Matches matches;
  auto entry = last ? in_order_.upper_bound(*last) : in_order_.begin();
  for (; entry != in_order_.end() && matches.size() < count_max; ++entry) matches.push_back(*entry);
  return matches;
}

Index::Matches Index::with_all_tags(std::span<const std::string> tags) const {
  if (tags.empty()) return with_prefix("");
  std::vector<TagNumber> numbers;
  for (const std::string& tag : tags) {
    const auto number = tags_.find(tag);
    if (!number) return {};
    numbers.push_back(*number);
  }
  const TagNumber rarest = *std::min_element(numbers.begin(), numbers.end(), [this](TagNumber a, TagNumber b) {
    return postings_[a].size() < postings_[b].size();
  });
  Matches matches;
  for (const CompactRegistration* entry : postings_[rarest]) {
    if (std::all_of(numbers.begin(), numbers.end(), [entry](TagNumber tag) { return entry->has_tag(tag); })) {
      matches.push_back(entry);
    }
  }
  return sorted_by_name(std::move(matches));
}

Index::Matches Index::with_any_tag(std::span<const std::string> tags) const {
  Matches found;
  for (const std::string& tag : tags) {
    if (const auto number = tags_.find(tag)) {
      found.insert(found.end(), postings_[*number].begin(), postings_[*number].end());
    }
  }
  found = sorted_by_name(std::move(found));
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace hearth
