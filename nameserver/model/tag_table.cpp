#include "nameserver/model/tag_table.h"

#include "protocol/base/check.h"

namespace hearth {

TagNumber TagTable::use(std::string_view tag) {
  if (const auto known = by_text_.find(tag); known != by_text_.end()) {
    ++tags_[known->second].uses;
    return known->second;
  }
  TagNumber number = 0;
  if (free_.empty()) {
    number = static_cast<TagNumber>(tags_.size());
    tags_.push_back({std::string(tag), 1});
  } else {
    number = free_.back();
    free_.pop_back();
    tags_[number] = {std::string(tag), 1};
  }
  by_text_.emplace(tags_[number].text, number);
  return number;
}

void TagTable::release(TagNumber tag) {
  HEARTH_CHECK(tag < tags_.size() && tags_[tag].uses > 0);
  if (--tags_[tag].uses > 0) return;
  by_text_.erase(tags_[tag].text);
  tags_[tag].text = std::string();
  free_.push_back(tag);
}

std::optional<TagNumber> TagTable::find(std::string_view tag) const {
  const auto known = by_text_.find(tag);
  return known == by_text_.end() ? std::nullopt : std::optional(known->second);
}

}  // namespace hearth
