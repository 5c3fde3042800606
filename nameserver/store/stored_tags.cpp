#include "nameserver/store/stored_tags.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "protocol/base/wtf8.h"

namespace hearth {

Result<StoredTags> StoredTags::read(SqliteDb& db) {
  auto tags = read_unless(db, [] { return false; });
  if (!tags) return forward_error(tags);
  return std::move(**tags);
}

Result<std::optional<StoredTags>> StoredTags::read_unless(SqliteDb& db, const std::function<bool()>& is_given_up) {
  StoredTags tags;
  auto select = db.prepare("SELECT object, metadata FROM pyro_metadata");
  if (!select) return forward_error(select);
  for (;;) {
    auto row = select->step();
    if (!row) return forward_error(row);
    if (!*row) break;
    if (is_given_up()) return std::optional<StoredTags>();
    if (const auto tag = tags.number_of(select->text(1))) {
      tags.uses_.push_back({select->integer(0), *tag});
    } else {
      ++tags.skipped_;
    }
  }
  tags.put_in_order();
  return std::optional<StoredTags>(std::move(tags));
}

/// nullopt: no client could be told of it. What is known already is UTF-8.
std::optional<TagNumber> StoredTags::number_of(std::optional<std::string_view> tag) {
  if (!tag) return std::nullopt;
  if (const auto known = table_.find(*tag)) return known;
  return is_utf8(*tag) ? std::optional(table_.use(*tag)) : std::nullopt;
}

/// Numbers the tags anew, in the order of their texts, and sorts by owners.
void StoredTags::put_in_order() {
  std::vector<TagNumber> sorted(table_.size());
  std::iota(sorted.begin(), sorted.end(), TagNumber{0});
  const auto by_text = [this](TagNumber a, TagNumber b) { return table_.text(a) < table_.text(b); };
  std::sort(sorted.begin(), sorted.end(), by_text);
  std::vector<TagNumber> place(sorted.size());
  for (const TagNumber tag : sorted) {
    place[tag] = static_cast<TagNumber>(in_order_.size());
    in_order_.push_back(table_.text(tag));
  }
  for (Use& use : uses_) use.tag = place[use.tag];
  const auto by_owner = [](const Use& a, const Use& b) { return a.owner < b.owner; };
  if (!std::is_sorted(uses_.begin(), uses_.end(), by_owner)) std::sort(uses_.begin(), uses_.end(), by_owner);
}

void StoredTags::give(std::int64_t owner, RegistrationView& view) {
  numbers_.clear();
  texts_.clear();
  skip_owners_before(owner);
  for (; next_ < uses_.size() && uses_[next_].owner == owner; ++next_) numbers_.push_back(uses_[next_].tag);
  std::sort(numbers_.begin(), numbers_.end());
  numbers_.erase(std::unique(numbers_.begin(), numbers_.end()), numbers_.end());
  for (const TagNumber tag : numbers_) texts_.push_back(in_order_[tag]);
  view.tags = texts_;
  view.tag_numbers = numbers_;
}

std::uint64_t StoredTags::count_skipped() {
  skip_owners_before(std::numeric_limits<std::int64_t>::max());
  return skipped_ + (uses_.size() - next_);
}

void StoredTags::skip_owners_before(std::int64_t owner) {
  for (; next_ < uses_.size() && uses_[next_].owner < owner; ++next_) ++skipped_;
}

}  // namespace hearth
