#include "nameserver/registry/index_load.h"

#include <absl/container/flat_hash_set.h>

#include <cstddef>
#include <thread>
#include <utility>

#include "nameserver/model/name_order.h"
#include "protocol/base/check.h"

namespace hearth {
namespace {

/// Both loops below go to places anywhere in memory, which are fetched this many rounds before their turn.
constexpr std::size_t rounds_ahead = 16;

void leave_out(const std::vector<CompactPtr>& left_out, std::vector<const CompactRegistration*>& order) {
  absl::flat_hash_set<const CompactRegistration*> entries;
  for (const CompactPtr& entry : left_out) entries.insert(entry.get());
  std::erase_if(order, [&entries](const CompactRegistration* entry) { return entries.contains(entry); });
}

}  // namespace

IndexLoad::IndexLoad(Index& index) : index_(index) { HEARTH_CHECK(index.size() == 0); }

void IndexLoad::take(const RegistrationView& registration) {
  HEARTH_CHECK(registration.tags.size() == registration.tag_numbers.size());
  numbers_.clear();
  for (std::size_t i = 0; i < registration.tags.size(); ++i) {
    numbers_.push_back(use_tag(registration.tag_numbers[i], registration.tags[i]));
  }
  entries_.push_back(CompactRegistration::make(registration.name, registration.uri, numbers_));
}

TagNumber IndexLoad::use_tag(TagNumber stored, std::string_view text) {
  if (stored >= tags_.size()) tags_.resize(std::size_t{stored} + 1);
  std::optional<TagNumber>& number = tags_[stored];
  if (number) {
    index_.tags_.use_again(*number);
  } else {
    number = index_.tags_.use(text);
  }
  return *number;
}

void IndexLoad::finish() {
  std::vector<const CompactRegistration*> order;
  order.reserve(entries_.size());
  for (const CompactPtr& entry : entries_) order.push_back(entry.get());
  std::thread sorting([&order] { sort_by_name(order); });  // looks at nothing but names, which stay as they are
  std::vector<CompactPtr> repeated = fill_table();
  sorting.join();
  entries_ = std::vector<CompactPtr>();  // the room that it takes
  if (!repeated.empty()) leave_out(repeated, order);
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i + rounds_ahead < order.size()) __builtin_prefetch(order[i + rounds_ahead]);
    index_.in_order_.insert(index_.in_order_.end(), order[i]);
  }
  for (CompactPtr& entry : repeated) index_.place(std::move(entry));
}

std::vector<CompactPtr> IndexLoad::fill_table() {
  std::vector<CompactPtr> repeated;
  index_.by_name_.reserve(entries_.size());
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (i + rounds_ahead < entries_.size()) index_.by_name_.prefetch(entries_[i + rounds_ahead]);
    CompactRegistration& entry = *entries_[i];
    if (index_.by_name_.insert(std::move(entries_[i])).second) {
      index_.add_postings(entry);
    } else {
      repeated.push_back(std::move(entries_[i]));  // insert() has left it alone
    }
  }
  return repeated;
}

}  // namespace hearth
