#include "nameserver/registry/index_walk.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace hearth {
namespace {

/// In order, those begin the same names as all of them: what begins with "ab" begins with "a".
std::vector<std::string> disjoint(std::vector<std::string> prefixes) {
  std::sort(prefixes.begin(), prefixes.end());
  const auto is_covered = [](const std::string& shorter, const std::string& longer) {
    return longer.starts_with(shorter);
  };
  prefixes.erase(std::unique(prefixes.begin(), prefixes.end(), is_covered), prefixes.end());
  return prefixes;
}

/// Short answers mostly wait for their names to come from memory: from a place, these come at the same time.
void fetch_ahead(CompactOrder::const_iterator position, CompactOrder::const_iterator end) {
  constexpr int entries = 32;
  constexpr std::ptrdiff_t line_bytes = 64;  // most entries are two of them long
  for (int i = 0; i < entries && position != end; ++i, ++position) {
    const char* entry = reinterpret_cast<const char*>(*position);
    __builtin_prefetch(entry);
    __builtin_prefetch(entry + line_bytes);
  }
}

}  // namespace

IndexWalk::IndexWalk(Index& index, std::vector<std::string> prefixes)
    : IndexReader(index), prefixes_(disjoint(std::move(prefixes))) {}

const CompactRegistration* IndexWalk::next(std::size_t& items_left) {
  while (items_left > 0 && !is_over()) {
    --items_left;
    const CompactRegistration* now = live();
    const bool is_changed = !before_.empty() && before_.begin()->first.starts_with(prefixes_[current_]) &&
                            (now == nullptr || before_.begin()->first <= now->name());
    if (is_changed) {
      if (const CompactRegistration* before = take_before()) return before;
    } else if (now != nullptr) {
      pass(now->name());
      ++position_;
      return now;
    } else {
      ++current_;
      has_position_ = false;
    }
  }
  return nullptr;
}

/// The next one of the current prefix in the index as it is now.
const CompactRegistration* IndexWalk::live() {
  const CompactOrder& order = index().in_order();
  if (!has_position_ || position_valid_at_ != index().changes()) {
    const std::string& prefix = prefixes_[current_];
    position_ = has_passed_ && passed_ >= prefix ? order.upper_bound(passed_) : order.lower_bound(prefix);
    position_valid_at_ = index().changes();
    has_position_ = true;
    fetch_ahead(position_, order.end());
  }
  const bool is_match = position_ != order.end() && (*position_)->name().starts_with(prefixes_[current_]);
  return is_match ? *position_ : nullptr;
}

void IndexWalk::pass(std::string_view name) {
  passed_ = name;
  has_passed_ = true;
}

/// The first of the changed ones, as it was. What the index has of that name now is passed by.
const CompactRegistration* IndexWalk::take_before() {
  const auto first = before_.begin();
  const CompactRegistration* before = first->second;
  pass(first->first);
  before_.erase(first);
  has_position_ = false;
  return before;
}

void IndexWalk::on_change(std::string_view name, const CompactRegistration* before) {
  if (is_ahead(name)) before_.try_emplace(name, before);  // only the first change was from what the walk shall see
}

bool IndexWalk::is_ahead(std::string_view name) const {
  if (is_over() || name < prefixes_[current_] || (has_passed_ && name <= passed_)) return false;
  const auto above = std::upper_bound(prefixes_.begin(), prefixes_.end(), name);
  return above != prefixes_.begin() && name.starts_with(*std::prev(above));
}

}  // namespace hearth
