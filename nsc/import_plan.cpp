#include "nsc/import_plan.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace hearth::nsc {
namespace {

bool is_inside_character(std::string_view text, std::size_t pos) {
  return pos < text.size() && (static_cast<unsigned char>(text[pos]) & 0xC0U) == 0x80U;
}

}  // namespace

std::string ImportPlanner::common_prefix() const {
  if (source_.entries().empty()) return "";
  const std::string& first = source_.entries().front().name;
  std::size_t length = first.size();
  for (const NameEntry& entry : source_.entries()) {
    const auto end = first.begin() + static_cast<std::ptrdiff_t>(std::min(length, entry.name.size()));
    length = static_cast<std::size_t>(std::mismatch(first.begin(), end, entry.name.begin()).first - first.begin());
  }
  while (is_inside_character(first, length)) --length;
  return first.substr(0, length);
}

void ImportPlanner::note_registered(const NameEntry& there) {
  const auto entry = source_.find(there.name);
  if (!entry) return;
  const bool is_same = source_.entries()[*entry] == there;
  found_[*entry] = is_same ? Found::same : Found::other;
  if (is_same) {
    ++plan_.unchanged;
  } else {
    plan_.conflicts.push_back({*entry, there.uri});
  }
}

ImportPlan ImportPlanner::plan(OnConflict rule) {
  for (std::size_t i = 0; i < found_.size(); ++i) {
    const bool is_wanted = found_[i] == Found::nothing || (found_[i] == Found::other && rule == OnConflict::replace);
    if (is_wanted) plan_.to_register.push_back(i);
  }
  std::sort(plan_.conflicts.begin(), plan_.conflicts.end(),
            [](const auto& a, const auto& b) { return a.entry < b.entry; });
  return std::move(plan_);
}

}  // namespace hearth::nsc
