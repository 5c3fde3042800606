#include "nameserver/registry/tag_search.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "nameserver/registry/index_walk.h"

namespace hearth {
namespace {

/// A posting list is copied, 8 bytes a registration. When that would be more than one in so many of all registrations, the walk
/// looks at those in between as well and holds nobody up at its beginning.
constexpr std::size_t walk_from_one_in = 4;

/// Tags of one registration that are looked at for the price of one registration.
constexpr std::size_t tags_per_item = 32;

void pay_for_tags(const CompactRegistration& entry, std::size_t& items_left) {
  items_left -= std::min(items_left, entry.tags().size() / tags_per_item);
}

/// By the numbers of the tags: those do not change while a search is open, and none of them gets another meaning for what the
/// search sees.
class TagFilter {
 public:
  /// `numbers` are sorted, each once.
  TagFilter(std::vector<TagNumber> numbers, TagsWanted wanted) : numbers_(std::move(numbers)), wanted_(wanted) {}

  [[nodiscard]] bool accepts(const CompactRegistration& entry) const {
    const auto slots = entry.tags();
    const auto is_wanted = [this](const auto& slot) { return has(slot.tag); };
    if (wanted_ == TagsWanted::any) return std::any_of(slots.begin(), slots.end(), is_wanted);
    return static_cast<std::size_t>(std::count_if(slots.begin(), slots.end(), is_wanted)) == numbers_.size();
  }

  /// Whether `tag` is the smallest of the wanted ones that the registration has: true in exactly one of their posting lists.
  [[nodiscard]] bool is_first(const CompactRegistration& entry, TagNumber tag) const {
    const auto slots = entry.tags();
    return std::none_of(slots.begin(), slots.end(), [&](const auto& slot) { return slot.tag < tag && has(slot.tag); });
  }

  [[nodiscard]] const std::vector<TagNumber>& numbers() const { return numbers_; }
  [[nodiscard]] TagsWanted wanted() const { return wanted_; }

 private:
  [[nodiscard]] bool has(TagNumber tag) const { return std::binary_search(numbers_.begin(), numbers_.end(), tag); }

  std::vector<TagNumber> numbers_;
  TagsWanted wanted_;
};

class WalkWithTags final : public Search {
 public:
  WalkWithTags(Index& index, TagFilter filter) : walk_(index, {""}), filter_(std::move(filter)) {}

  [[nodiscard]] Checked<const CompactRegistration*> next(std::size_t& items_left) override {
    while (const CompactRegistration* entry = walk_.next(items_left)) {
      pay_for_tags(*entry, items_left);
      if (filter_.accepts(*entry)) return entry;
    }
    return nullptr;
  }
  [[nodiscard]] bool is_over() const override { return walk_.is_over(); }

 private:
  IndexWalk walk_;
  TagFilter filter_;
};

/// Goes through copies of posting lists.
class PostingsWithTags final : public Search, private IndexReader {
 public:
  PostingsWithTags(Index& index, TagFilter filter, std::span<const TagNumber> lists)
      : IndexReader(index), filter_(std::move(filter)) {
    for (const TagNumber tag : lists) {
      const auto postings = index.with_tag(tag);
      candidates_.insert(candidates_.end(), postings.begin(), postings.end());
      ends_.push_back({candidates_.size(), tag});
    }
  }
  ~PostingsWithTags() override = default;

  [[nodiscard]] Checked<const CompactRegistration*> next(std::size_t& items_left) override {
    while (items_left > 0 && !is_over()) {
      --items_left;
      const CompactRegistration& entry = *candidates_[position_];
      while (position_ == ends_[list_].position) ++list_;
      ++position_;
      pay_for_tags(entry, items_left);
      const bool is_match =
          filter_.wanted() == TagsWanted::all ? filter_.accepts(entry) : filter_.is_first(entry, ends_[list_].tag);
      if (is_match) return &entry;
    }
    return nullptr;
  }
  [[nodiscard]] bool is_over() const override { return position_ == candidates_.size(); }

 private:
  struct End {
    std::size_t position;
    TagNumber tag;
  };

  /// The copies stay as they are.
  void on_change(std::string_view, const CompactRegistration*) override {}

  TagFilter filter_;
  std::vector<const CompactRegistration*> candidates_;
  std::vector<End> ends_;  ///< of each list in `candidates_`
  std::size_t position_ = 0;
  std::size_t list_ = 0;
};

}  // namespace

SearchPtr search_tags(Index& index, std::span<const std::string> tags, TagsWanted wanted) {
  std::vector<TagNumber> numbers;
  bool has_unknown = false;
  for (const std::string& tag : tags) {
    if (const auto number = index.tag_number(tag)) {
      numbers.push_back(*number);
    } else {
      has_unknown = true;
    }
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());

  std::vector<TagNumber> lists = numbers;
  if (wanted == TagsWanted::all && !numbers.empty()) {
    lists = {*std::min_element(numbers.begin(), numbers.end(), [&index](TagNumber a, TagNumber b) {
      return index.with_tag(a).size() < index.with_tag(b).size();
    })};
  }
  if (wanted == TagsWanted::all && has_unknown) lists.clear();
  std::size_t candidates = 0;
  for (const TagNumber tag : lists) candidates += index.with_tag(tag).size();

  TagFilter filter(std::move(numbers), wanted);
  if (candidates > index.size() / walk_from_one_in) return std::make_unique<WalkWithTags>(index, std::move(filter));
  return std::make_unique<PostingsWithTags>(index, std::move(filter), lists);
}

}  // namespace hearth
