#include "nameserver/registry/index.h"

#include <algorithm>
#include <utility>

#include "protocol/base/check.h"

namespace hearth {
namespace {

Index::Matches sorted_by_name(Index::Matches matches) {
  std::sort(matches.begin(), matches.end(),
            [](const Registration* a, const Registration* b) { return a->name < b->name; });
  return matches;
}

}  // namespace

void Index::apply(Mutation mutation) {
  if (auto* put_one = std::get_if<Put>(&mutation)) {
    put(std::move(put_one->registration));
  } else if (auto* set = std::get_if<SetTags>(&mutation)) {
    set_tags(set->name, std::move(set->tags));
  } else if (const auto* removal = std::get_if<Remove>(&mutation)) {
    for (const std::string& name : removal->names) remove(name);
  } else {
    for (const NameAndUri& registration : std::get<Evict>(mutation).registrations) {
      const Registration* entry = find(registration.name);
      if (entry != nullptr && entry->uri == registration.uri) remove(registration.name);
    }
  }
}

Registration* Index::find_entry(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->get();
}

const Registration* Index::find(std::string_view name) const { return find_entry(name); }

void Index::put(Registration registration) {
  Registration* entry = find_entry(registration.name);
  if (entry != nullptr) {
    drop_postings(*entry);
    entry->uri = std::move(registration.uri);
    entry->tags = std::move(registration.tags);
  } else {
    entry = by_name_.insert(std::make_unique<Registration>(std::move(registration))).first->get();
    in_order_.insert(entry);
  }
  add_postings(*entry);
}

void Index::set_tags(std::string_view name, Tags tags) {
  Registration* entry = find_entry(name);
  HEARTH_CHECK(entry != nullptr);  // the engine has just changed it
  drop_postings(*entry);
  entry->tags = std::move(tags);
  add_postings(*entry);
}

void Index::remove(std::string_view name) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return;  // the engine ignores unknown names too
  drop_postings(**found);
  in_order_.erase(found->get());
  by_name_.erase(found);
}

void Index::add_postings(const Registration& entry) {
  for (const std::string& tag : entry.tags) by_tag_[tag].insert(&entry);
}

void Index::drop_postings(const Registration& entry) {
  for (const std::string& tag : entry.tags) {
    const auto postings = by_tag_.find(tag);
    HEARTH_CHECK(postings != by_tag_.end());
    postings->second.erase(&entry);
    if (postings->second.empty()) by_tag_.erase(postings);
  }
}

Index::Matches Index::with_prefix(std::string_view prefix) const {
  Matches matches;
  for (auto entry = in_order_.lower_bound(prefix); entry != in_order_.end() && (*entry)->name.starts_with(prefix);
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
  const Postings* shortest = nullptr;
  for (const std::string& tag : tags) {
    const auto postings = by_tag_.find(tag);
    if (postings == by_tag_.end()) return {};
    if (shortest == nullptr || postings->second.size() < shortest->size()) shortest = &postings->second;
  }
  Matches matches;
  for (const Registration* entry : *shortest) {
    const bool has_all = std::all_of(tags.begin(), tags.end(), [entry](const std::string& tag) {
      return std::binary_search(entry->tags.begin(), entry->tags.end(), tag);
    });
    if (has_all) matches.push_back(entry);
  }
  return sorted_by_name(std::move(matches));
}

Index::Matches Index::with_any_tag(std::span<const std::string> tags) const {
  Postings found;
  for (const std::string& tag : tags) {
    const auto postings = by_tag_.find(tag);
    if (postings != by_tag_.end()) found.insert(postings->second.begin(), postings->second.end());
  }
  return sorted_by_name(Matches(found.begin(), found.end()));
}

}  // namespace hearth
